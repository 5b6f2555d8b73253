-- The whole units of a quantity; 0 for one below 0, null for none.
create macro internal.whole_units(quantity) as (
    trunc(case when quantity < 0 then 0 else quantity end)
);
