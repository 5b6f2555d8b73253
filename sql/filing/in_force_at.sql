-- One row per pool and period: its latest accepted filing among those received by known_on, as it was read on told_on.
--
-- With told_on = infinity the latest examinations count, whenever they were made.
create macro in_force_at(known_on, told_on) as table
    select
        filing_key,
        registration_no,
        received_at,
        pool_id,
        pool_name,
        period,
        examination_no
    from examination_span
    where
        counts_from <= told_on::timestamptz
        and (counts_to > told_on::timestamptz or counts_to = 'infinity'::timestamptz)
        and accepted_from <= known_on::timestamptz
    qualify
        row_number() over (
            partition by
                pool_id, period, case when pool_id is null or period is null then filing_key end
            order by received_at desc, filing_key desc
        ) = 1;
