-- One row per month of distribution, asset and share of which a role must sell in a year (para 11): all taxpayers
-- together, or one if taxpayer is not null.
--
-- Each taxpayer and month is rounded up by itself, so months may add up to more than the year. Class
-- undecided: share and units to sell are empty, not 0.
create macro obligation_by_month(of_year, of_role, taxpayer) as table
    select
        period,
        asset,
        share,
        asset_class,
        sum(base_quantity)::decimal(38, 18) as base_quantity,
        sum(quantity_to_sell)::decimal(38, 18) as quantity_to_sell
    from monthly_sale_obligation
    where
        year = of_year::integer
        and role = of_role::varchar
        and (taxpayer::varchar is null or taxpayer_id = taxpayer::varchar)
    group by period, asset, share, asset_class;
