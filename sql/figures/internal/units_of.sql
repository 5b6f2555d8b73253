-- The whole units of a number, without its sign.
create macro internal.units_of(number) as (
    trunc(abs(number))::hugeint
);
