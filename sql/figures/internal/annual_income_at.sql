-- One row per year, role, taxpayer and asset, by the filings received until known_on, with the
-- prices, rates and examinations that counted on reported_on.
create macro internal.annual_income_at(known_on, reported_on) as table
    with income as (
        select
            year,
            role,
            taxpayer_id,
            asset,
            arg_max(taxpayer_name, named_by) as taxpayer_name,
            max(named_by) as named_by,
            max(taxpayer_id_state) as taxpayer_id_state,
            sum(row_count)::bigint as row_count,
            sum(quantity)::decimal(38, 18) as quantity,
            sum(valued_quantity)::decimal(38, 18) as valued_quantity,
            sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
            sum(income_kzt)::decimal(38, 12) as income_kzt
        from internal.income_part_at(known_on, reported_on)
        group by year, role, taxpayer_id, asset
    )

    select
        year,
        role,
        taxpayer_id,
        arg_max(taxpayer_name, named_by) over (partition by year, role, taxpayer_id) as taxpayer_name,
        asset,
        quantity,
        valued_quantity,
        unvalued_quantity,
        income_kzt,
        row_count,
        taxpayer_id_state
    from income;
