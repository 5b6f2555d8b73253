-- One row per quantity (role x worksheet row) of the filings in force as they had been received and read on a moment.
--
-- Those that no figure can hold are in it, too (is_counted). day is the month of the filing where the day
-- could not be read; taxpayer_id is the pool's for its reward.
create macro quantity_as_reported_on(reported_on) as table
    with examined as (
        select
            examined_row.*,
            coalesce(examined_row.distributed_on, examined_row.period) as day,
            in_force.pool_id as filed_by
        from internal.examined_row
        inner join internal.in_force_at(reported_on, reported_on) as in_force
            on
                examined_row.filing_key = in_force.filing_key
                and examined_row.examination_no = in_force.examination_no
    )

    select
        'miner' as role,
        registration_no,
        file,
        sheet,
        row,
        '8' as column_no,
        day,
        distributed_on,
        taxpayer_id,
        asset,
        quantity,
        internal.counted_quantity(quantity) is not null as is_counted
    from examined
    union all
    select
        'pool' as role,
        registration_no,
        file,
        sheet,
        row,
        '9.2' as column_no,
        day,
        distributed_on,
        filed_by as taxpayer_id,
        reward_asset as asset,
        reward_quantity as quantity,
        internal.counted_quantity(reward_quantity) is not null as is_counted
    from examined;
