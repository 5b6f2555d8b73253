-- One row per asset that a taxpayer must sell of a year in a role: units as reported on a moment, and those of now.
--
-- Empty, not 0, where the class of the asset was, or is, undecided.
create macro obligation_compared(taxpayer, of_year, of_role, reported_on) as table
    with earlier as (
        select
            asset,
            true as is_there,
            sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation_as_reported_on(reported_on)
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
        group by asset
    ),

    present as (
        select
            asset,
            true as is_there,
            sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
        group by asset
    )

    select
        coalesce(present.asset, earlier.asset) as asset,
        case when earlier.is_there then earlier.quantity else 0 end::decimal(38, 18) as then_to_sell,
        case when present.is_there then present.quantity else 0 end::decimal(38, 18) as now_to_sell
    from present
    full join earlier on present.asset is not distinct from earlier.asset;
