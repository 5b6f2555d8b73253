-- One row per filing and rule whose warning an officer, when asked, found to be a fault (para 10), as known on a
-- moment.
create macro internal.confirmed_warning(known_on) as table
    select
        answer.registration_no,
        unnest(string_split(question_kind.rules, ' ')) as rule_id,
        (min(answer.answered_at) at time zone 'Asia/Almaty')::date as confirmed_on
    from answer
    inner join question_kind on answer.question = question_kind.kind
    where answer.answer in ('unreliable', 'late') and answer.answered_at <= known_on::timestamptz
    group by answer.registration_no, question_kind.rules;
