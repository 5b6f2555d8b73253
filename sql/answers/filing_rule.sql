-- One row per rule, lane and severity of a filing's findings, with their number (paras 8 and 10).
--
-- listed: findings that are rows of their own. is_across: found across filings, first detected on detected_on.
-- message_… are those of all of them, null where they differ.
create macro filing_rule(number) as table
    select
        rule_id,
        lane,
        severity,
        sum(occurrences)::bigint as count,
        count(*) as listed,
        bool_and(examination_no is null) as is_across,
        min(detected_on) as detected_on,
        case when count(distinct message_kk) = 1 then any_value(message_kk) end as message_kk,
        case when count(distinct message_kk) = 1 then any_value(message_ru) end as message_ru,
        case when count(distinct message_kk) = 1 then any_value(message_en) end as message_en
    from finding
    where registration_no = number::varchar
    group by rule_id, lane, severity;
