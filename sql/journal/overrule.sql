-- One row per refusal that an officer overruled: the filing counts as accepted, the verdict stays on record beside it.
create view overrule as
select
    filing_key,
    any_value(registration_no) as registration_no,
    min(happened_at) as overruled_at,
    arg_min(author, happened_at) as overruled_by,
    arg_min(data ->> '$.reason', happened_at) as reason
from event
where event = 'refusal_overruled'
group by filing_key;
