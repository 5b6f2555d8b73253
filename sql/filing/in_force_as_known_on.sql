-- One row per pool and period: its latest accepted filing among those received by a moment.
create macro in_force_as_known_on(known_on) as table
    with accepted as (
        select
            registered.filing_key,
            registered.registration_no,
            registered.received_at,
            examination.pool_id,
            examination.pool_name,
            examination.period
        from registered
        inner join examination on registered.filing_key = examination.filing_key
        where
            examination.is_latest
            and examination.accepted_from <= known_on::timestamptz
    )

    select
        filing_key,
        registration_no,
        received_at,
        pool_id,
        pool_name,
        period
    from accepted
    qualify
        row_number() over (
            partition by
                pool_id, period, case when pool_id is null or period is null then filing_key end
            order by received_at desc, filing_key desc
        ) = 1;
