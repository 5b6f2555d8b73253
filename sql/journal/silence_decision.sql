-- One row per decision about a silent pool and period; the last one counts (para 5, contradiction 10).
--
-- Confirmed: there were distributions, so the month was not filed. Explained: there were none, so no duty arose.
create view silence_decision as
select
    pool_id,
    period,
    happened_at as silence_decided_at,
    author as silence_decided_by,
    case event when 'silence_confirmed' then 'confirmed' else 'explained' end as decision,
    data ->> '$.reason' as reason
from event
where event in ('silence_confirmed', 'silence_explained');
