-- One row per rule that an officer set aside for a filing until a day; it is then no ground for a notice (para 10).
create view waiver as
select
    filing_key,
    registration_no,
    happened_at as waived_at,
    (happened_at at time zone 'Asia/Almaty')::date as waived_on,
    author as waived_by,
    data ->> '$.rule_id' as rule_id,
    (data ->> '$.until')::date as waived_until,
    data ->> '$.reason' as reason
from event
where event = 'rule_waived';
