-- The share of a base quantity, rounded up once at the smallest unit ("at least", para 11); 0 for a base below 0.
--
-- Whole units and fraction are multiplied by the share apart, so that no product needs more than 38 digits.
create macro quantity_to_sell(base, share, decimals) as (
    with positive as (
        select
            trunc(greatest(base, 0)) as whole,
            (greatest(base, 0) - trunc(greatest(base, 0)))::decimal(18, 18) as fraction
    ),

    shared as (
        select
            trunc(whole * share) as whole_share,
            (whole * share - trunc(whole * share))::decimal(6, 6) + fraction * share as fraction_share
        from positive
    )

    select (whole_share + up_to_smallest_unit(fraction_share, decimals))::decimal(38, 18) from shared
);
