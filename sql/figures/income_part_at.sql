-- One row per part of a filing in force, as the filings received by known_on tell it, with the prices, rates and
-- examinations that counted on told_on; told_on = infinity for those of now.
create macro income_part_at(known_on, told_on) as table
    with in_force as (
        select
            filing_key,
            examination_no,
            received_at,
            pool_id,
            pool_name
        from in_force_at(known_on, told_on)
    )

    select
        told_part.year,
        told_part.period,
        told_part.role,
        in_force.pool_id,
        told_part.taxpayer_id,
        coalesce(told_part.taxpayer_name, case when told_part.role = 'pool' then in_force.pool_name end)
            as taxpayer_name,
        {
            'named_on': told_part.named_on,
            'received_at': in_force.received_at,
            'filing_key': in_force.filing_key,
            'taxpayer_name': told_part.taxpayer_name
        } as named_by,
        told_part.taxpayer_id_state,
        told_part.asset,
        told_part.share,
        told_part.row_count,
        told_part.quantity,
        told_part.valued_quantity,
        told_part.unvalued_quantity,
        told_part.income_kzt
    from told_part
    inner join in_force
        on told_part.filing_key = in_force.filing_key and told_part.examination_no = in_force.examination_no
    where
        told_part.known_from <= told_on::timestamptz
        and (told_part.known_to > told_on::timestamptz or told_part.known_to = 'infinity'::timestamptz);
