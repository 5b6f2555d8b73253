-- One row per asset that a taxpayer must sell of a year in a role: units as reported on a moment, and those of now.
create macro obligation_compared(taxpayer, of_year, of_role, reported_on) as table
    with earlier as (
        select
            asset,
            sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation_as_reported_on(reported_on)
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
        group by asset
    ),

    present as (
        select
            asset,
            sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
        group by asset
    )

    select
        coalesce(present.asset, earlier.asset) as asset,
        coalesce(earlier.quantity, 0)::decimal(38, 18) as then_to_sell,
        coalesce(present.quantity, 0)::decimal(38, 18) as now_to_sell
    from present
    full join earlier on present.asset = earlier.asset;
