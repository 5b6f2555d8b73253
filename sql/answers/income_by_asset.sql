-- One row per asset of which a role received anything in a year (para 3):
-- all taxpayers together, or one if taxpayer is not null.
--
-- asset is "" where nobody could read it.
create macro income_by_asset(of_year, of_role, taxpayer) as table
    select
        coalesce(asset, '') as asset,
        sum(quantity)::decimal(38, 18) as quantity,
        sum(valued_quantity)::decimal(38, 18) as valued_quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(income_kzt)::decimal(38, 12) as income_kzt,
        sum(row_count)::bigint as row_count
    from annual_income
    where
        year = of_year::integer
        and role = of_role::varchar
        and (taxpayer::varchar is null or taxpayer_id = taxpayer::varchar)
    group by asset;
