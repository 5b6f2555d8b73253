-- A quantity with 8 decimals, as nearly all have no more: the same if it equals the quantity, else an approximation, or
-- null for one of 10^10 units or more.
--
-- A double gets there without the slow division of 128 bits. It only guesses; the comparison, which multiplies, proves.
create macro internal.short_quantity(quantity) as (
    try_cast(quantity::double as decimal(18, 8))
);
