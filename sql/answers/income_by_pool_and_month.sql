-- One row per month of distribution and pool by whose filings a role received anything in a year (para 3):
-- of all assets, or of one if of_asset is not null.
--
-- pool_name is that of the register, else of the pool's latest filing.
create macro income_by_pool_and_month(of_year, of_role, of_asset) as table
    with received as (
        select
            period,
            pool_id,
            sum(income_kzt)::decimal(38, 12) as income_kzt
        from income_by_pool
        where
            year = of_year::integer
            and role = of_role::varchar
            and (of_asset::varchar is null or coalesce(asset, '') = of_asset::varchar)
        group by period, pool_id
    )

    select
        received.period,
        received.pool_id,
        pools.pool_name,
        received.income_kzt
    from received
    left join known_pool() as pools on received.pool_id = pools.pool_id;
