-- One row per year, role and taxpayer, by the filings received until known_on, with the
-- prices, rates and examinations that counted on reported_on.
--
-- Rounded half up to 2 decimals here and nowhere else, from the exact values of all assets.
create macro internal.annual_income_total_at(known_on, reported_on) as table
    select
        year,
        role,
        taxpayer_id,
        any_value(taxpayer_name) as taxpayer_name,
        round(sum(income_kzt), 2)::decimal(38, 2) as income_kzt,
        string_agg(asset, ', ' order by asset) filter (where unvalued_quantity <> 0) as unvalued_assets,
        (count(*) filter (where unvalued_quantity <> 0))::integer as unvalued_asset_count,
        sum(income_kzt)::decimal(38, 12) as exact_income_kzt,
        max(taxpayer_id_state) as taxpayer_id_state
    from internal.annual_income_at(known_on, reported_on)
    group by year, role, taxpayer_id;
