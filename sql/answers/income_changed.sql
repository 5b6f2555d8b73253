-- One row per taxpayer whose figures of a year and role changed after one moment and up to another, by how much in all.
--
-- step_count: moments, causes and references of income_entry. assets: tickers, comma-separated, of which units, tenge
-- or units to sell changed.
create macro income_changed(of_year, of_role, since, until) as table
    with named as (
        select
            taxpayer_id,
            taxpayer_name
        from annual_income_total
        where year = of_year::integer and role = of_role::varchar
    ),

    named_then as (
        select
            taxpayer_id,
            taxpayer_name
        from annual_income_total_as_reported_on(since)
        where year = of_year::integer and role = of_role::varchar
    ),

    changed as (
        select
            role,
            taxpayer_id,
            sum(income_kzt_difference)::decimal(38, 12) as income_kzt,
            count(distinct row(moment, cause, reference)) as step_count,
            string_agg(distinct coalesce(asset, ''), ', ' order by coalesce(asset, '')) as assets
        from income_entry
        where
            year = of_year::integer
            and role = of_role::varchar
            and moment > since::timestamptz
            and moment <= until::timestamptz
        group by role, taxpayer_id
    )

    select
        changed.role,
        changed.taxpayer_id,
        coalesce(named.taxpayer_name, named_then.taxpayer_name) as taxpayer_name,
        changed.income_kzt,
        changed.step_count,
        changed.assets
    from changed
    left join named on changed.taxpayer_id = named.taxpayer_id
    left join named_then on changed.taxpayer_id = named_then.taxpayer_id;
