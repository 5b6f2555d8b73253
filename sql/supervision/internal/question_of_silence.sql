-- One row per month in which an accredited pool was found silent, as known on a moment (para 5, contradiction 10).
--
-- Lifted: a filing of the month arrived, or the pool reported that it distributed nothing and no row says otherwise.
create macro internal.question_of_silence(known_on) as table
    with silent as (
        select
            pool_id,
            period,
            min((data ->> '$.detected_on')::date) as detected_on,
            min((data ->> '$.decide_by')::date) as decide_by
        from event
        where event = 'silence_found' and happened_at <= known_on::timestamptz
        group by pool_id, period
    ),

    arrived as (
        select
            pool_id,
            period,
            min(registered_on) as arrived_on
        from filing_as_known_on(known_on)
        group by pool_id, period
    ),

    reported as (
        select * from internal.no_distributions_as_known_on(known_on)
        where reported_on is not null and not is_shown_elsewhere
    )

    select
        'silence' as kind,
        silent.pool_id,
        silent.period,
        silent.detected_on as arose_on,
        silent.decide_by as due_on,
        least(arrived.arrived_on, reported.reported_on) as lifted_on
    from silent
    left join arrived on silent.pool_id = arrived.pool_id and silent.period = arrived.period
    left join reported on silent.pool_id = reported.pool_id and silent.period = reported.period;
