-- A quantity as a whole number of units of 10^-24.
create macro internal.quantity_e24(quantity) as (
    replace(quantity::decimal(38, 18)::varchar, '.', '')::hugeint * 1000000
);
