-- One row per notice drafted for a pool and period (para 10), with the term in which it has to be sent.
create view notice as
with withdrawn as (
    select
        letter_no,
        min(happened_at) as withdrawn_at
    from event
    where event = 'notice_withdrawn'
    group by letter_no
)

select
    event.letter_no,
    event.data ->> '$.registration_no' as registration_no,
    event.pool_id,
    event.period,
    event.data -> '$.reasons' as reasons,
    event.data -> '$.facts' as facts,
    (event.data ->> '$.detected_on')::date as detected_on,
    calendar_day.notice_by,
    event.happened_at as drafted_at,
    withdrawn.withdrawn_at
from event
left join withdrawn on event.letter_no = withdrawn.letter_no
left join calendar_day on (event.data ->> '$.detected_on')::date = calendar_day.day
where event.event = 'notice_drafted';
