-- One row per filing and bundle in which it was handed over to the other body (paras 5, 7, 8; contradiction 20).
--
-- acknowledged_…: what the other body's receipt for the bundle says; the last one on record counts.
create view handover as
with handed_over as (
    select
        data ->> '$.bundle' as bundle,
        (data ->> '$.day')::date as registered_on,
        unnest(from_json(data -> '$.numbers', '["varchar"]')) as registration_no,
        happened_at as handed_over_at,
        (happened_at at time zone 'Asia/Almaty')::date as handed_over_on,
        author as handed_over_by,
        data ->> '$.target' as target,
        data ->> '$.manifest_sha256' as manifest_sha256
    from event
    where event = 'handed_over'
),

acknowledged as (
    select
        data ->> '$.bundle' as bundle,
        arg_max(data ->> '$.receipt_no', happened_at) as acknowledged_no,
        arg_max((data ->> '$.received_on')::date, happened_at) as acknowledged_on
    from event
    where event = 'handover_acknowledged'
    group by bundle
)

select
    handed_over.registration_no,
    handed_over.bundle,
    handed_over.registered_on,
    handed_over.handed_over_at,
    handed_over.handed_over_on,
    handed_over.handed_over_by,
    handed_over.target,
    handed_over.manifest_sha256,
    acknowledged.acknowledged_no,
    acknowledged.acknowledged_on
from handed_over
left join acknowledged on handed_over.bundle = acknowledged.bundle;
