-- A number from 0 to 2 with up to 24 decimals, rounded up to the smallest unit of an asset with so many decimals.
--
-- First up to the 18th decimal, then up to a multiple of the smallest unit, counted in units of 10^-18. Rounding up in
-- two steps gives the same as in one.
create macro internal.up_to_smallest_unit(number, decimals) as (
    (
        ((internal.up_to_18_decimals(number) * 1000000000000000000)::hugeint + internal.smallest_unit_e18(decimals) - 1)
        // internal.smallest_unit_e18(decimals) * internal.smallest_unit_e18(decimals)
    )::decimal(38, 0) * 0.000000000000000001
);
