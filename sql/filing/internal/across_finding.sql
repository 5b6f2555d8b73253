-- One row per fault found across filings that still holds; supervision dates it by its first detection.
create view internal.across_finding as
with detection as (
    select
        registration_no,
        event,
        happened_at,
        data,
        data ->> '$.key' as finding_key
    from event
    where event in ('finding_detected', 'finding_withdrawn')
),

latest as (
    select
        registration_no,
        finding_key,
        arg_max(event, happened_at) as event,
        arg_max(data, happened_at) as data,
        min((data ->> '$.detected_on')::date) as detected_on
    from detection
    group by registration_no, finding_key
)

select
    latest.registration_no,
    latest.finding_key,
    latest.data ->> '$.rule_id' as rule_id,
    latest.data ->> '$.lane' as lane,
    latest.data ->> '$.severity' as severity,
    latest.data ->> '$.file' as file,
    latest.data ->> '$.sheet' as sheet,
    (latest.data ->> '$.row')::integer as row,
    latest.data ->> '$.column_no' as column_no,
    latest.data ->> '$.found' as found,
    latest.data ->> '$.expected' as expected,
    latest.data ->> '$.message_kk' as message_kk,
    latest.data ->> '$.message_ru' as message_ru,
    latest.data ->> '$.message_en' as message_en,
    (latest.data ->> '$.occurrences')::integer as occurrences,
    examination.pool_id,
    examination.period,
    latest.detected_on
from latest
left join examination on latest.registration_no = examination.registration_no and examination.is_latest
where latest.event = 'finding_detected';
