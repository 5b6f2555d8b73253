-- One row per dispatch of a letter; paras 8 and 10 are met by sending, and judged by its day.
create view dispatch as
select
    letter_no,
    registration_no,
    pool_id,
    period,
    data ->> '$.letter_kind' as letter_kind,
    (data ->> '$.sent_at')::timestamptz as sent_at,
    ((data ->> '$.sent_at')::timestamptz at time zone 'Asia/Almaty')::date as sent_on,
    data ->> '$.channel' as channel,
    data ->> '$.proof' as proof,
    happened_at as recorded_at,
    author as recorded_by
from event
where event = 'dispatched';
