-- One row per pool and period, as a day sees it by what was known at a moment: whether what was due has come (para 5).
--
-- Pools: accredited ones and those that ever filed; months from the first of either to the last month that is over
-- on the day. A month counts as on time when the first filing accepted for it came by the due day; a refusal before it
-- does not make it late by itself, so both arrivals are given. Silence is a question, not a fault: a month without
-- distributions creates no duty. It becomes not_filed when an officer confirms that there were distributions, or when
-- rows of the pool's other filings are in the month; explained, it is not due, nor where the pool reports that it
-- distributed nothing and no row of the month says otherwise. Waiting: an officer has to answer a question about a
-- filing of the month; one whose month nobody could read stands for the month before its arrival.
create macro filing_calendar_as_of(today, known_on) as table
    with filings as (
        select * from filing_as_known_on(known_on)
        where pool_id is not null and period is not null
    ),

    waiting as (
        select
            pool_id,
            coalesce(period, (date_trunc('month', registered_on) - interval 1 month)::date) as period,
            bool_or(period is not null) as is_month_read,
            max(registration_no) as registration_no
        from filing_as_known_on(known_on)
        where question is not null and pool_id is not null
        group by all
    ),

    decisions as (
        select
            pool_id,
            period,
            arg_max(decision, silence_decided_at) as decision
        from silence_decision
        where silence_decided_at <= known_on::timestamptz
        group by pool_id, period
    ),

    shown_elsewhere as (
        select * from internal.shown_elsewhere_as_known_on(known_on)
    ),

    messages as (
        select * from internal.no_distributions_as_known_on(known_on)
    ),

    spans as (
        select
            pool_id,
            date_trunc('month', accredited_from)::date as first_period,
            date_trunc('month', coalesce(accredited_to, date '9999-12-31'))::date as last_period
        from pool
    ),

    expected as (
        select
            spans.pool_id,
            period_due_date.period
        from spans
        inner join period_due_date
            on period_due_date.period between spans.first_period and spans.last_period and period_due_date.is_expected
        union
        select
            filings.pool_id,
            period_due_date.period
        from (
            select
                pool_id,
                min(period) as first_period
            from filings
            where pool_id not in (select pool_id from pool)
            group by pool_id
        ) as filings
        inner join period_due_date on filings.first_period <= period_due_date.period
    ),

    complete as (
        select
            pool_id,
            period
        from expected
        where period < date_trunc('month', today::date)
        union
        select
            pool_id,
            period
        from filings
        union
        select
            pool_id,
            period
        from waiting
    ),

    arrivals as (
        select
            pool_id,
            period,
            min(registered_on) as first_arrived_on,
            min(registered_on) filter (where verdict = 'accepted') as accepted_arrived_on,
            count(*) filter (where verdict = 'refused') as refused_count,
            coalesce(sum(row_count), 0) > 0 as has_rows,
            max(registration_no) filter (where status = 'accepted') as accepted_no,
            arg_max(registration_no, (received_at, filing_key)) as latest_no
        from filings
        group by pool_id, period
    )

    select
        complete.pool_id,
        complete.period,
        period_due_date.due_effective_on,
        case
            when waiting.is_month_read or (waiting.registration_no is not null and arrivals.latest_no is null)
                then 'waiting'
            when arrivals.accepted_arrived_on <= period_due_date.due_effective_on then 'on_time'
            when arrivals.accepted_arrived_on > period_due_date.due_effective_on then 'late'
            when arrivals.refused_count > 0 then 'refused'
            when arrivals.latest_no is not null then 'registered'
            when today::date <= period_due_date.due_effective_on or decisions.decision = 'explained' then 'not_due'
            when decisions.decision = 'confirmed' or shown_elsewhere.period is not null then 'not_filed'
            when messages.reported_on is not null then 'not_due'
            else 'silent'
        end as state,
        coalesce(arrivals.accepted_no, arrivals.latest_no, waiting.registration_no) as registration_no,
        arrivals.first_arrived_on,
        arrivals.accepted_arrived_on,
        internal.days_after(arrivals.first_arrived_on, period_due_date.due_effective_on) as first_days_late,
        internal.days_after(arrivals.accepted_arrived_on, period_due_date.due_effective_on) as accepted_days_late,
        coalesce(arrivals.refused_count, 0)::integer as refused_count,
        case
            when arrivals.latest_no is not null or waiting.registration_no is not null then null
            when today::date <= period_due_date.due_effective_on then null
            when decisions.decision is not null then decisions.decision
            when shown_elsewhere.period is not null then 'shown_elsewhere'
            when messages.reported_on is not null then 'reported_none'
        end as silence,
        case
            when messages.pool_id is null then null
            when messages.reported_on is null then 'doubted'
            when arrivals.has_rows or shown_elsewhere.period is not null or decisions.decision = 'confirmed'
                then 'contradicted'
            else 'reported'
        end as no_distributions
    from complete
    left join period_due_date on complete.period = period_due_date.period
    left join arrivals on complete.pool_id = arrivals.pool_id and complete.period = arrivals.period
    left join waiting on complete.pool_id = waiting.pool_id and complete.period = waiting.period
    left join messages on complete.pool_id = messages.pool_id and complete.period = messages.period
    left join decisions on complete.pool_id = decisions.pool_id and complete.period = decisions.period
    left join shown_elsewhere
        on complete.pool_id = shown_elsewhere.pool_id and complete.period = shown_elsewhere.period;
