-- One row per part of a filing in force, by the filings received until known_on, with the prices, rates and
-- examinations that counted on reported_on; reported_on = last_moment() for those of now.
create macro internal.income_part_at(known_on, reported_on) as table
    with in_force as (
        select
            filing_key,
            examination_no,
            received_at,
            pool_id,
            pool_name
        from internal.in_force_at(known_on, reported_on)
    )

    select
        reported_part.year,
        reported_part.period,
        reported_part.role,
        in_force.pool_id,
        reported_part.taxpayer_id,
        coalesce(reported_part.taxpayer_name, case when reported_part.role = 'pool' then in_force.pool_name end)
            as taxpayer_name,
        {
            'named_on': reported_part.named_on,
            'received_at': in_force.received_at,
            'filing_key': in_force.filing_key,
            'taxpayer_name': reported_part.taxpayer_name
        } as named_by,
        reported_part.taxpayer_id_state,
        reported_part.asset,
        reported_part.share,
        reported_part.is_undecided,
        reported_part.row_count,
        reported_part.quantity,
        reported_part.valued_quantity,
        reported_part.unvalued_quantity,
        reported_part.income_kzt
    from internal.reported_part
    inner join in_force
        on reported_part.filing_key = in_force.filing_key and reported_part.examination_no = in_force.examination_no
    where
        reported_part.known_from <= reported_on::timestamptz
        and (reported_part.known_to > reported_on::timestamptz or reported_part.known_to = internal.last_moment());
