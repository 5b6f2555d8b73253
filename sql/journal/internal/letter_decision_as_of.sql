-- One row per letter that officers approved or returned by a moment: the last decision counts.
create macro internal.letter_decision_as_of(known_on) as table
    select
        letter_no,
        arg_max(registration_no, happened_at) as registration_no,
        arg_max(pool_id, happened_at) as pool_id,
        arg_max(period, happened_at) as period,
        arg_max(event, happened_at) as decision,
        arg_max(author, happened_at) as letter_decided_by,
        max(happened_at) as letter_decided_at
    from event
    where event in ('letter_approved', 'letter_returned') and happened_at <= known_on::timestamptz
    group by letter_no;
