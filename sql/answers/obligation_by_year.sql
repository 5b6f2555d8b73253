-- One row per year and asset that a role received: units of all taxpayers, and how many must be sold (para 11).
--
-- quantity_to_sell is 0 where no rule obliges anybody, and empty where the class of the asset is undecided: its
-- share is not known. Each taxpayer is rounded up by itself.
create macro obligation_by_year(of_role) as table
    with received as (
        select
            year,
            asset,
            sum(quantity)::decimal(38, 18) as quantity
        from annual_income
        where role = of_role::varchar and year is not null
        group by year, asset
    ),

    obliged as (
        select
            year,
            asset,
            bool_or(asset_class = 'undecided') as is_undecided,
            sum(quantity_to_sell)::decimal(38, 18) as quantity_to_sell
        from sale_obligation
        where role = of_role::varchar
        group by year, asset
    )

    select
        received.year,
        received.asset,
        received.quantity,
        case when not coalesce(obliged.is_undecided, false) then coalesce(obliged.quantity_to_sell, 0) end
        ::decimal(38, 18) as quantity_to_sell
    from received
    left join obliged on received.year = obliged.year and received.asset is not distinct from obliged.asset;
