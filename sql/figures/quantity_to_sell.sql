-- The share of a base quantity, rounded up once at the smallest unit ("at least", para 11); 0 for a base below 0,
-- null where base, share or decimals are not known.
--
-- Whole units and fraction are multiplied by the share apart, so that no product needs more than 38 digits. No
-- subqueries: filters on a taxpayer must find their way below (figures/income_entry.sql).
create macro quantity_to_sell(base, share, decimals) as (
    (
        trunc(internal.whole_units(base) * share)
        + internal.up_to_smallest_unit(
            (internal.whole_units(base) * share - trunc(internal.whole_units(base) * share))::decimal(6, 6)
            + (case when base < 0 then 0 else base end - internal.whole_units(base))::decimal(18, 18) * share,
            decimals
        )
    )::decimal(38, 18)
);
