-- One row per letter that an officer approved and nobody sent, as a day sees it by what was known at a moment.
--
-- Paras 8 and 10 are met by sending: an approval alone meets nothing. The last decision counts. What must not leave any
-- more is left out: its duty is lifted (see obligation_due_as_of), or it is the refusal of a filing that is refused no
-- longer. due_on and state are those of the duty; a letter without one, such as a reminder, has neither.
create macro approved_letter_as_of(today, known_on) as table
    with sent as (
        select distinct letter_no from dispatch
        where recorded_at <= known_on::timestamptz
    )

    select
        decided.letter_no,
        case split_part(decided.letter_no, '/', 2)[1]
            when 'A' then 'receipt'
            when 'R' then 'refusal'
            when 'Q' then 'request'
            when 'N' then 'notice'
            when 'M' then 'reminder'
            else 'message_receipt'
        end as letter_kind,
        decided.registration_no,
        coalesce(filing.pool_id, decided.pool_id) as pool_id,
        coalesce(filing.period, decided.period) as period,
        decided.letter_decided_at as approved_at,
        decided.letter_decided_by as approved_by,
        due.due_on,
        due.state
    from internal.letter_decision_as_of(known_on) as decided
    left join sent on decided.letter_no = sent.letter_no
    left join obligation_due_as_of(today, known_on) as due on decided.letter_no = due.letter_no
    left join filing_as_known_on(known_on) as filing on decided.registration_no = filing.registration_no
    where
        decided.decision = 'letter_approved'
        and sent.letter_no is null
        and due.state is distinct from 'lifted'
        and (split_part(decided.letter_no, '/', 2)[1] != 'R' or filing.verdict = 'refused');
