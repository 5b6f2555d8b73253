-- One row per thing that an officer must do by a day, as that day sees it by what was known at a moment.
--
-- Paras 8 and 10 are met by sending: a refusal or notice is done on the day of its dispatch, by whatever channel.
-- Lifted: nothing is left to send, because the refusal was overruled, the filing waits for an officer since it was
-- examined again, the letter was returned by the officer or withdrawn by supervision, or every fact of the notice is
-- waived; the day after a waiver that was given within the term begins a new one. days_over says how late it was by
-- then. A filing that a person loaded as history has neither; one that was registered late without that mark is
-- overdue, however long it lay: the delay is the office's own. A filing that only a re-examination refused has the
-- 2 working days from that examination: the order knows no such case, so an officer should look at it at once.
create macro obligation_due_as_of(today, known_on) as table
    with first_verdict as (
        select
            filing_key,
            examined_at,
            (examined_at at time zone 'Asia/Almaty')::date as examined_on
        from examination
        where examination_no = 1
    ),

    last_examined as (
        select
            filing_key,
            (max(examined_at) at time zone 'Asia/Almaty')::date as last_examined_on
        from examination
        where examined_at <= known_on::timestamptz
        group by filing_key
    ),

    first_refusal as (
        select
            filing_key,
            min(examination_no) as examination_no,
            (min(examined_at) at time zone 'Asia/Almaty')::date as refused_on
        from examination
        where verdict = 'refused' and examined_at <= known_on::timestamptz
        group by filing_key
    ),

    first_decided as (
        select
            filing_key,
            min(examination_no) as examination_no
        from examination
        where verdict is not null
        group by filing_key
    ),

    filings as (
        select
            filing.registration_no,
            filing.pool_id,
            filing.period,
            filing.registered_on,
            filing.examine_by,
            filing.verdict,
            filing.is_history,
            filing.overruled_at,
            filing.overruled_by,
            (filing.decided_at at time zone 'Asia/Almaty')::date as decided_on,
            last_examined.last_examined_on,
            first_verdict.examined_on,
            first_refusal.refused_on,
            first_refusal.examination_no > first_decided.examination_no as is_refused_again,
            case
                when first_refusal.examination_no > first_decided.examination_no then calendar_day.examine_by
                else filing.examine_by
            end as refuse_by
        from filing_as_known_on(known_on) as filing
        left join first_verdict
            on filing.filing_key = first_verdict.filing_key and first_verdict.examined_at <= known_on::timestamptz
        left join last_examined on filing.filing_key = last_examined.filing_key
        left join first_refusal on filing.filing_key = first_refusal.filing_key
        left join first_decided on filing.filing_key = first_decided.filing_key
        left join calendar_day on first_refusal.refused_on = calendar_day.day
    ),

    withdrawn as (
        select
            letter_no,
            max(author) as withdrawn_by,
            (min(happened_at) at time zone 'Asia/Almaty')::date as withdrawn_on
        from event
        where event = 'notice_withdrawn' and happened_at <= known_on::timestamptz
        group by letter_no
    ),

    sent as (
        select
            letter_no,
            min(sent_on) as sent_on,
            arg_min(recorded_by, sent_at) as sent_by
        from dispatch
        where recorded_at <= known_on::timestamptz
        group by letter_no
    ),

    returned as (
        select
            letter_no,
            letter_decided_by as returned_by,
            (letter_decided_at at time zone 'Asia/Almaty')::date as returned_on
        from internal.letter_decision_as_of(known_on)
        where decision = 'letter_returned'
    ),

    examinations as (
        select
            'examine' as kind,
            registration_no as subject,
            pool_id,
            period,
            registration_no,
            null::varchar as letter_no,
            registered_on as arose_on,
            examine_by as due_on,
            examined_on as done_on,
            case when examined_on is not null then 'esep.examination' end as done_by,
            false as is_lifted,
            null::date as lifted_on
        from filings
        where not is_history
    ),

    refusals as (
        select
            'send_refusal' as kind,
            filings.registration_no || '/R-1' as subject,
            filings.pool_id,
            filings.period,
            filings.registration_no,
            filings.registration_no || '/R-1' as letter_no,
            filings.refused_on as arose_on,
            filings.refuse_by as due_on,
            sent.sent_on as done_on,
            coalesce(sent.sent_by, filings.overruled_by, returned.returned_by) as done_by,
            sent.sent_on is null
            and (filings.verdict is distinct from 'refused' or returned.letter_no is not null) as is_lifted,
            coalesce(
                (filings.overruled_at at time zone 'Asia/Almaty')::date,
                returned.returned_on,
                filings.decided_on,
                filings.last_examined_on
            ) as lifted_on
        from filings
        left join sent on filings.registration_no || '/R-1' = sent.letter_no
        left join returned on filings.registration_no || '/R-1' = returned.letter_no
        where filings.refused_on is not null and (not filings.is_history or filings.is_refused_again)
    ),

    facts as (
        select
            letter_no,
            notice_by,
            unnest(from_json(facts, '["varchar"]')) as fact
        from notice
        where drafted_at <= known_on::timestamptz
    ),

    facts_waived as (
        select
            facts.letter_no,
            facts.fact,
            max(waiver.waived_until) as waived_until,
            max(waiver.waived_until) filter (where waiver.waived_on <= facts.notice_by) as waived_in_time_until,
            min(waiver.waived_on) as waived_on
        from facts
        left join waiver
            on
                starts_with(facts.fact || ' ', waiver.registration_no || ' ' || waiver.rule_id || ' ')
                and waiver.waived_at <= known_on::timestamptz
        group by facts.letter_no, facts.fact
    ),

    wholly_waived as (
        select
            letter_no,
            min(waived_until) as waived_until,
            case when count(*) = count(waived_in_time_until) then min(waived_in_time_until) end as waived_in_time_until,
            max(waived_on) as waived_on
        from facts_waived
        group by letter_no
        having count(*) = count(waived_until)
    ),

    waived as (
        select
            wholly_waived.letter_no,
            wholly_waived.waived_until,
            wholly_waived.waived_on,
            calendar_day.notice_by
        from wholly_waived
        left join calendar_day on wholly_waived.waived_in_time_until + 1 = calendar_day.day
    ),

    notices as (
        select
            'send_notice' as kind,
            notice.letter_no as subject,
            notice.pool_id,
            notice.period,
            notice.registration_no,
            notice.letter_no,
            notice.detected_on as arose_on,
            greatest(notice.notice_by, waived.notice_by) as due_on,
            sent.sent_on as done_on,
            coalesce(sent.sent_by, returned.returned_by, withdrawn.withdrawn_by) as done_by,
            sent.sent_on is null
            and (
                returned.letter_no is not null
                or withdrawn.letter_no is not null
                or coalesce(waived.waived_until >= today::date, false)
            ) as is_lifted,
            coalesce(withdrawn.withdrawn_on, returned.returned_on, waived.waived_on) as lifted_on
        from notice
        left join withdrawn on notice.letter_no = withdrawn.letter_no
        left join sent on notice.letter_no = sent.letter_no
        left join returned on notice.letter_no = returned.letter_no
        left join waived on notice.letter_no = waived.letter_no
        where notice.drafted_at <= known_on::timestamptz
    ),

    raised as (
        select * from question_as_of(today, known_on)
    ),

    questions as (
        select
            'decide_' || kind as kind,
            coalesce(registration_no, pool_id || ' ' || strftime(period, '%Y-%m')) as subject,
            pool_id,
            period,
            registration_no,
            null::varchar as letter_no,
            arose_on,
            due_on,
            least(answered_on, lifted_on) as done_on,
            answered_by as done_by,
            answered_on is null and lifted_on is not null as is_lifted,
            lifted_on
        from raised
    ),

    -- A copy was asked for: the letter is to leave within the term of the question. A later answer decides without it.
    asked as (
        select
            registration_no,
            question,
            registration_no || '/Q-' || row_number() over (
                partition by registration_no order by answered_at
            ) as letter_no,
            answered_at,
            (answered_at at time zone 'Asia/Almaty')::date as asked_on
        from answer
        where answer = 'ask_pool' and answered_at <= known_on::timestamptz
    ),

    decided as (
        select
            registration_no,
            min(answered_at) as decided_at,
            arg_min(answered_by, answered_at) as decided_by
        from answer
        where answer in ('refuse', 'transcribe') and answered_at <= known_on::timestamptz
        group by registration_no
    ),

    requests as (
        select
            'send_request' as kind,
            asked.letter_no as subject,
            raised.pool_id,
            raised.period,
            asked.registration_no,
            asked.letter_no,
            asked.asked_on as arose_on,
            raised.due_on,
            sent.sent_on as done_on,
            coalesce(sent.sent_by, returned.returned_by, decided.decided_by) as done_by,
            sent.sent_on is null and (returned.letter_no is not null or decided.decided_at is not null) as is_lifted,
            coalesce(returned.returned_on, (decided.decided_at at time zone 'Asia/Almaty')::date) as lifted_on
        from asked
        inner join raised
            on asked.registration_no = raised.registration_no and asked.question = raised.kind
        left join sent on asked.letter_no = sent.letter_no
        left join returned on asked.letter_no = returned.letter_no
        left join decided on asked.registration_no = decided.registration_no
    ),

    handed_over as (
        select
            registration_no,
            min(handed_over_on) as handed_over_on,
            arg_min(handed_over_by, handed_over_at) as handed_over_by
        from handover
        where handed_over_at <= known_on::timestamptz
        group by registration_no
    ),

    hand_overs as (
        select
            'hand_over' as kind,
            filings.registration_no as subject,
            filings.pool_id,
            filings.period,
            filings.registration_no,
            null::varchar as letter_no,
            filings.registered_on as arose_on,
            filings.registered_on as due_on,
            handed_over.handed_over_on as done_on,
            handed_over.handed_over_by as done_by,
            false as is_lifted,
            null::date as lifted_on
        from filings
        inner join internal.handover_required_as_of(known_on) as required on filings.registered_on >= required.since
        left join handed_over on filings.registration_no = handed_over.registration_no
        where not filings.is_history
    ),

    all_kinds as (
        select * from examinations
        union all
        select * from refusals
        union all
        select * from notices
        union all
        select * from questions
        union all
        select * from requests
        union all
        select * from hand_overs
    )

    select
        all_kinds.kind || ' ' || all_kinds.subject as obligation,
        all_kinds.kind,
        obligation_kind.paragraph,
        all_kinds.pool_id,
        all_kinds.period,
        all_kinds.registration_no,
        all_kinds.letter_no,
        all_kinds.arose_on,
        all_kinds.due_on,
        all_kinds.done_on,
        all_kinds.done_by,
        case
            when all_kinds.is_lifted then 'lifted'
            when all_kinds.done_on > all_kinds.due_on then 'done_late'
            when all_kinds.done_on is not null then 'done'
            when today::date > all_kinds.due_on then 'overdue'
            else 'open'
        end as state,
        internal.days_after(
            case when all_kinds.is_lifted then all_kinds.lifted_on else coalesce(all_kinds.done_on, today::date) end,
            all_kinds.due_on
        ) as days_over,
        obligation_kind.text_kk,
        obligation_kind.text_ru,
        obligation_kind.text_en
    from all_kinds
    inner join obligation_kind on all_kinds.kind = obligation_kind.kind;
