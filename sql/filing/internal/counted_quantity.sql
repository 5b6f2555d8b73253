-- A quantity that figures can hold: below 10^15 units, else null. No asset has that supply, and sums must not overflow.
create macro internal.counted_quantity(quantity) as (
    case when abs(quantity) < 1000000000000000 then quantity end
);
