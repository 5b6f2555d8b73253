-- The whole units of a number, without its sign.
create macro units_of(number) as (
    trunc(abs(number))::hugeint
);
