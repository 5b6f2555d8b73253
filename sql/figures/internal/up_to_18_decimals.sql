-- A number with up to 24 decimals, rounded up to the 18th, the last one a quantity has.
create macro internal.up_to_18_decimals(number) as (
    number::decimal(38, 18)
    + case when number::decimal(38, 18) < number then 1 else 0 end * 0.000000000000000001::decimal(18, 18)
);
