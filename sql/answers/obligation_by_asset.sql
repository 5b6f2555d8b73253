-- One row per asset and share of which taxpayers of a role must sell in a year, each rounded up by itself (para 11).
--
-- Class undecided: share, units to sell and smallest unit are empty, not 0.
-- unvalued_quantity are units of the asset, obliged or not, that have no price: the obligation holds all the same.
create macro obligation_by_asset(of_year, of_role) as table
    with received as (
        select
            asset,
            sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity
        from annual_income
        where year = of_year::integer and role = of_role::varchar
        group by asset
    ),

    obliged as (
        select
            asset,
            share,
            asset_class,
            sum(base_quantity)::decimal(38, 18) as base_quantity,
            sum(quantity_to_sell)::decimal(38, 18) as quantity_to_sell,
            max(decimals) as decimals,
            count(*) as taxpayer_count
        from sale_obligation
        where year = of_year::integer and role = of_role::varchar
        group by asset, share, asset_class
    )

    select
        obliged.*,
        coalesce(received.unvalued_quantity, 0)::decimal(38, 18) as unvalued_quantity
    from obliged
    left join received on obliged.asset is not distinct from received.asset;
