-- Whether a quantity is the share of a base, rounded up at the smallest unit: the share or less than one unit more; 0
-- for a base below 0. Counted in whole units of 10^-24, apart from the macros that round up (figures/quantity_to_sell).
--
-- From 10^13 units on, where whole numbers of 38 digits end, a part in 10^12 more or less is let pass.
create macro internal.is_smallest_share(quantity, base, share, decimals) as (
    case
        when base < 0 then quantity = 0
        when base < 10000000000000 and quantity between 0 and 10000000000000
            then
                internal.quantity_e24(quantity)
                - internal.quantity_e24(base) // 1000000 * (share::decimal(7, 6) * 1000000)::hugeint
                between 0 and 1000000 * internal.smallest_unit_e18(decimals) - 1
        else
            quantity::double between base::double * share::double * 0.999999999999
            and base::double * share::double * 1.000000000001 + 1
    end
);
