-- One row per filing that a person loaded as history, or declared to be: by its stamp, a command or a decision.
--
-- Para 8 knows no exemption for what lay long, so nothing else is history. The first mark counts.
create view internal.history_mark as
select
    filing_key,
    any_value(registration_no) as registration_no,
    min(happened_at) as history_at,
    arg_min(author, happened_at) as history_by,
    arg_min(data ->> '$.basis', happened_at) as history_basis
from event
where event = 'loaded_as_history'
group by filing_key;
