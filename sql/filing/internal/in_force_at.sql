-- One row per pool and period: its latest accepted filing among those received by known_on, as read on reported_on.
--
-- With reported_on = last_moment() the latest examinations count, whenever they were made.
create macro internal.in_force_at(known_on, reported_on) as table
    select
        filing_key,
        registration_no,
        received_at,
        pool_id,
        pool_name,
        period,
        examination_no
    from internal.examination_span
    where
        counts_from <= reported_on::timestamptz
        and (counts_to > reported_on::timestamptz or counts_to = internal.last_moment())
        and accepted_from <= known_on::timestamptz
    qualify
        row_number() over (
            partition by
                pool_id, period, case when pool_id is null or period is null then filing_key end
            order by received_at desc, filing_key desc
        ) = 1;
