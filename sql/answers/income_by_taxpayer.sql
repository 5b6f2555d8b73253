-- One row per taxpayer with figures of a year in a role: the year's income, rounded half up to 2 decimals (para 3).
--
-- Of one asset if of_asset is given, with its units; "" is an asset that nobody could read. assets and unvalued_assets
-- are tickers, comma-separated.
create macro income_by_taxpayer(of_year, of_role, of_asset) as table
    select
        year,
        role,
        taxpayer_id,
        any_value(taxpayer_name) as taxpayer_name,
        max(taxpayer_id_state) as taxpayer_id_state,
        round(sum(income_kzt), 2)::decimal(38, 2) as income_kzt,
        (sum(quantity) filter (where of_asset::varchar is not null))::decimal(38, 18) as quantity,
        string_agg(asset, ', ' order by asset) as assets,
        string_agg(asset, ', ' order by asset) filter (where unvalued_quantity <> 0) as unvalued_assets
    from annual_income
    where
        year = of_year::integer
        and role = of_role::varchar
        and (of_asset::varchar is null or coalesce(asset, '') = of_asset::varchar)
    group by year, role, taxpayer_id;
