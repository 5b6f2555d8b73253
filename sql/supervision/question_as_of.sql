-- One row per question that only an officer can answer, as a day sees it by what was known at a moment.
--
-- question is its name: `kind/registration number`, or `silence/BIN-YYYY-MM`. days_counted: the working days 1, 2, … of
-- its term, the last of which is due_on. An answer closes it; answer, answered_by and reason are those of the last
-- answer, answered_on is the day of the first. Lifted: it no longer stands although nobody answered.
create macro question_as_of(today, known_on) as table
    with asked as (
        select
            kind || '/' || registration_no as question,
            *
        from internal.question_of_examination(known_on)
        union all by name
        select
            kind || '/' || registration_no as question,
            *
        from internal.question_of_rule(today, known_on)
        union all by name
        select
            kind || '/' || pool_id || '-' || strftime(period, '%Y-%m') as question,
            *
        from internal.question_of_silence(known_on)
    ),

    every_answer as (
        select
            question || '/' || registration_no as question,
            answer,
            answered_at,
            answered_by,
            reason
        from answer
        union all
        select
            'silence/' || pool_id || '-' || strftime(period, '%Y-%m') as question,
            case decision when 'confirmed' then 'not_filed' else 'no_distributions' end as answer,
            silence_decided_at as answered_at,
            silence_decided_by as answered_by,
            reason
        from silence_decision
    ),

    answered as (
        select
            question,
            arg_max(answer, answered_at) as answer,
            min(answered_at) as answered_at,
            arg_max(answered_by, answered_at) as answered_by,
            arg_max(reason, answered_at) as reason
        from every_answer
        where answered_at <= known_on::timestamptz
        group by question
    ),

    closed as (
        select
            asked.*,
            answered.answer,
            answered.answered_at,
            (answered.answered_at at time zone 'Asia/Almaty')::date as answered_on,
            answered.answered_by,
            answered.reason
        from asked
        left join answered on asked.question = answered.question
    ),

    counted as (
        select
            closed.question,
            list(calendar_day.day order by calendar_day.day) as days_counted
        from closed
        inner join calendar_day
            on closed.arose_on < calendar_day.day and closed.due_on >= calendar_day.day and calendar_day.working
        group by closed.question
    )

    select
        closed.question,
        closed.kind,
        question_kind.paragraph,
        closed.registration_no,
        closed.pool_id,
        closed.period,
        closed.arose_on,
        closed.due_on,
        coalesce(counted.days_counted, []) as days_counted,
        case
            when closed.answered_at is not null then 'answered'
            when closed.lifted_on is not null then 'lifted'
            when today::date > closed.due_on then 'overdue'
            else 'open'
        end as state,
        closed.answer,
        closed.answered_at,
        closed.answered_on,
        closed.answered_by,
        closed.reason,
        closed.lifted_on,
        string_split(question_kind.answers, ' ') as answers
    from closed
    inner join question_kind on closed.kind = question_kind.kind
    left join counted on closed.question = counted.question;
