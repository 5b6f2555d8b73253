-- One row per filing that counts to the months from first_month to last_month: what can be said of it as yes or no
-- (paras 5 to 8), by what was known on a moment.
--
-- month as in filing_month; pool_id is "" where nobody could read it; of one pool if of_pool is not null. is_first: the
-- first filing of its pool and month, or one whose pool or month nobody could read.
create macro quality_filing(first_month, last_month, of_pool, known_on) as table
    with in_order as (
        select
            *,
            coalesce(period, (date_trunc('month', registered_on) - interval 1 month)::date) as month,
            row_number() over (
                partition by
                    pool_id, period, case when pool_id is null or period is null then registration_no end
                order by received_at, filing_key
            ) = 1 as is_first
        from filing_as_known_on(known_on::timestamptz)
    )

    select
        * replace (coalesce(pool_id, '') as pool_id),
        period is not null as is_month_read,
        examination_no is null as is_unexamined,
        question is not null as is_waiting,
        coalesce(verdict = 'accepted', false) as is_accepted,
        coalesce(verdict = 'refused', false) as is_refused,
        is_first and verdict is not null as is_first_examined,
        is_first and coalesce(verdict = 'accepted', false) as is_complete,
        is_first and coalesce(verdict = 'refused', false) as is_incomplete,
        is_first and coalesce(first_days_late > 0, false) as is_late,
        kind = 'refiling' as is_refiling,
        kind = 'correction' as is_correction,
        coalesce(correction_timeliness = 'late', false) as is_late_correction
    from in_order
    where
        month between first_month::date and last_month::date
        and (of_pool::varchar is null or coalesce(pool_id, '') = of_pool::varchar);
