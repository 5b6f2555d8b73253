-- One row per registered filing (para 7) that had arrived by a moment, with what became of it.
--
-- Kind, the filing it replaces and its status follow from the order of arrival among the filings of one pool and
-- period. A filing whose pool or period nobody could read is by itself. A correction's time limit (para 6) runs from
-- the declared day of change; without that day its timeliness is not determinable and stays empty. An overruled refusal
-- counts as accepted from the moment of the decision on, and one that was declared history later is it from then on.
-- What was loaded as history is it on every day. A filing that waits for an officer has a question and no
-- verdict until the answer; then it counts by its arrival. What a pool sends after the office asked it for a readable
-- copy joins that filing, which waits no longer once it is accepted. Otherwise examinations are those of now.
create macro filing_as_known_on(known_on) as table
    with examined as (
        select
            registered.*,
            examination.examination_no,
            examination.examined_at,
            examination.verdict as examined_verdict,
            case
                when examination.answered_at > known_on::timestamptz then null
                when examination.accepted_from <= known_on::timestamptz then 'accepted'
                else examination.verdict
            end as verdict,
            examination.question as waits_for,
            examination.answered_at,
            examination.answered_by,
            examination.answer,
            examination.pool_id,
            examination.pool_name,
            examination.period,
            examination.row_count,
            examination.excluded_count,
            examination.form_version,
            examination.ruleset,
            examination.pool_id is not null and examination.period is not null as is_identified
        from internal.registered
        left join examination
            on registered.filing_key = examination.filing_key and examination.is_latest
        where registered.received_at <= known_on::timestamptz
    ),

    keyed as (
        select
            *,
            case when is_identified then pool_id || ' ' || period::varchar else registration_no end as pool_month,
            case when verdict = 'accepted' then registration_no end as accepted_no,
            case when verdict = 'refused' then registration_no end as refused_no,
            case when verdict = 'accepted' then registered_on end as accepted_on
        from examined
    ),

    in_sequence as (
        select
            *,
            last_value(accepted_no ignore nulls) over earlier as accepted_before,
            last_value(refused_no ignore nulls) over earlier as refused_before,
            count(accepted_no) over later as accepted_after,
            lag(refused_no) over arrivals as refiles,
            min(registered_on) over whole as first_arrived_on,
            min(accepted_on) over whole as first_accepted_on
        from keyed
        window
            arrivals as (partition by pool_month order by received_at, filing_key),
            earlier as (
                partition by pool_month order by received_at, filing_key
                rows between unbounded preceding and 1 preceding
            ),
            later as (
                partition by pool_month order by received_at, filing_key
                rows between 1 following and unbounded following
            ),
            whole as (partition by pool_month)
    ),

    with_kind as (
        select
            *,
            case
                when accepted_before is not null then 'correction'
                when refused_before is not null then 'refiling'
                else 'new'
            end as kind
        from in_sequence
    ),

    due as (
        select
            with_kind.*,
            period_due_date.due_effective_on as month_due_on,
            case when kind = 'correction' then correction_due_on else period_due_date.due_on end as due_on,
            case when kind = 'correction' then correction_due_on else period_due_date.due_effective_on end
                as due_effective_on
        from with_kind
        left join period_due_date on with_kind.period = period_due_date.period
    ),

    asked as (
        select
            filing_key,
            max(answered_at) as asked_at
        from answer
        where answer = 'ask_pool' and answered_at <= known_on::timestamptz
        group by filing_key
    ),

    joined as (
        select
            due.registration_no,
            due.verdict,
            arg_max(first.registration_no, first.received_at) as joins
        from asked
        inner join due as first on asked.filing_key = first.filing_key
        inner join due
            on
                first.pool_id = due.pool_id
                and (first.period is null or first.period = due.period)
                and asked.asked_at < due.received_at
        group by due.registration_no, due.verdict
    ),

    answered_by_pool as (
        select distinct joins as registration_no
        from joined
        where verdict = 'accepted'
    ),

    noticed as (
        select
            registration_no,
            min(notice_by) as notice_by
        from notice
        where
            drafted_at <= known_on::timestamptz
            and coalesce(withdrawn_at > known_on::timestamptz, true)
        group by registration_no
    )

    select
        due.registration_no,
        due.received_at,
        due.registered_on,
        due.examine_by,
        case when due.verdict is not null then due.examined_at end as decided_at,
        due.verdict,
        case
            when due.verdict is null then 'registered'
            when due.verdict = 'accepted' and due.accepted_after > 0 then 'superseded'
            else due.verdict
        end as status,
        due.kind,
        coalesce(due.accepted_before, due.refused_before) as replaces,
        due.pool_id,
        due.pool_name,
        due.period,
        due.due_on,
        due.due_effective_on,
        internal.days_after(due.registered_on, due.due_effective_on) as days_late,
        due.row_count,
        due.package_sha256,
        due.ruleset,
        due.excluded_count,
        due.examination_no,
        due.form_version,
        due.registered_at,
        due.incoming_no,
        due.change_date,
        due.source_name,
        due.filing_key,
        coalesce(due.registered_on > due.due_on and due.registered_on <= due.due_effective_on, false)
            as within_rollover,
        internal.days_after(due.first_arrived_on, due.month_due_on) as first_days_late,
        internal.days_after(due.first_accepted_on, due.month_due_on) as accepted_days_late,
        due.correction_due_on,
        case
            when due.kind <> 'correction' then null
            when due.correction_due_on is null then 'not_determinable'
            when due.registered_on <= due.correction_due_on then 'in_time'
            else 'late'
        end as correction_timeliness,
        noticed.notice_by,
        due.is_history or coalesce(history_mark.history_at <= known_on::timestamptz, false) as is_history,
        due.stamp_error,
        due.refiles,
        due.examined_verdict,
        case when overrule.overruled_at <= known_on::timestamptz then overrule.overruled_at end as overruled_at,
        case when overrule.overruled_at <= known_on::timestamptz then overrule.overruled_by end as overruled_by,
        case when overrule.overruled_at <= known_on::timestamptz then overrule.reason end as overrule_reason,
        case when due.is_history or history_mark.history_at <= known_on::timestamptz then history_mark.history_at end
            as history_at,
        case when due.is_history or history_mark.history_at <= known_on::timestamptz then history_mark.history_by end
            as history_by,
        case when due.is_history or history_mark.history_at <= known_on::timestamptz then history_mark.history_basis end
            as history_basis,
        case when due.verdict is null and answered_by_pool.registration_no is null then due.waits_for end as question,
        case when due.answered_at <= known_on::timestamptz then due.answer end as answer,
        case when due.answered_at <= known_on::timestamptz then due.answered_at end as answered_at,
        case when due.answered_at <= known_on::timestamptz then due.answered_by end as answered_by,
        asked.asked_at,
        joined.joins,
        coalesce(due.answered_at <= known_on::timestamptz and due.answer = 'transcribe', false) as is_transcribed
    from due
    left join asked on due.filing_key = asked.filing_key
    left join joined on due.registration_no = joined.registration_no
    left join answered_by_pool on due.registration_no = answered_by_pool.registration_no
    left join noticed on due.registration_no = noticed.registration_no
    left join overrule on due.filing_key = overrule.filing_key
    left join internal.history_mark as history_mark on due.filing_key = history_mark.filing_key;
