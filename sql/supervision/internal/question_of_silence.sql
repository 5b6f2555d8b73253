-- One row per month in which an accredited pool was found silent, as known on a moment (para 5, contradiction 10).
--
-- Lifted: a filing of the month arrived.
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
    )

    select
        'silence' as kind,
        silent.pool_id,
        silent.period,
        silent.detected_on as arose_on,
        silent.decide_by as due_on,
        arrived.arrived_on as lifted_on
    from silent
    left join arrived on silent.pool_id = arrived.pool_id and silent.period = arrived.period;
