-- One row per filing in force, month, role, taxpayer, asset and share, as the filings received by a moment tell it.
create macro income_part_as_known_on(known_on) as table
    with in_force as (
        select
            filing_key,
            received_at,
            pool_id,
            pool_name
        from in_force_as_known_on(known_on)
    )

    select
        income_part.year,
        income_part.period,
        income_part.role,
        in_force.pool_id,
        income_part.taxpayer_id,
        coalesce(income_part.taxpayer_name, case when income_part.role = 'pool' then in_force.pool_name end)
            as taxpayer_name,
        {
            'named_on': income_part.named_on,
            'received_at': in_force.received_at,
            'filing_key': in_force.filing_key,
            'taxpayer_name': income_part.taxpayer_name
        } as named_by,
        income_part.taxpayer_id_state,
        income_part.asset,
        income_part.share,
        income_part.row_count,
        income_part.quantity,
        income_part.valued_quantity,
        income_part.unvalued_quantity,
        income_part.income_kzt
    from income_part
    inner join in_force on income_part.filing_key = in_force.filing_key;
