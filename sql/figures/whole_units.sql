-- The whole units of a quantity; 0 for one below 0.
create macro whole_units(quantity) as (
    trunc(greatest(quantity, 0))
);
