-- One row per question that an examination left to an officer, as known on a moment (para 8; facts of a filing that
-- waits). Its days are those of the examination, counted from registration; from its own day where it came later, or
-- for history. Lifted: a later examination decided without an answer.
create macro internal.question_of_examination(known_on) as table
    with asked as (
        select
            filing_key,
            question as kind,
            min(examination_no) as examination_no,
            min(examined_at) as examined_at
        from examination
        where verdict is null and question is not null and examined_at <= known_on::timestamptz
        group by filing_key, question
    ),

    decided as (
        select
            filing_key,
            min(examined_at) as decided_at
        from examination
        where verdict is not null and answer is null and examined_at <= known_on::timestamptz
        group by filing_key
    ),

    dated as (
        select
            asked.kind,
            filing.registration_no,
            filing.pool_id,
            filing.period,
            case
                when asked.examination_no = 1 and not filing.is_history then filing.registered_on
                else (asked.examined_at at time zone 'Asia/Almaty')::date
            end as arose_on,
            case when decided.decided_at > asked.examined_at then decided.decided_at end as decided_at
        from asked
        inner join filing_as_known_on(known_on) as filing on asked.filing_key = filing.filing_key
        left join decided on asked.filing_key = decided.filing_key
    )

    select
        dated.kind,
        dated.registration_no,
        dated.pool_id,
        dated.period,
        dated.arose_on,
        calendar_day.examine_by as due_on,
        (dated.decided_at at time zone 'Asia/Almaty')::date as lifted_on
    from dated
    inner join calendar_day on dated.arose_on = calendar_day.day;
