-- One row per filing that has a last day and had arrived by the moment: whether it came in time (R-70, R-80).
--
-- Para 5, or para 6 for a correction with a declared day of change; a correction without one has no last day. A
-- filing that comes again after a refusal is told apart: whether the term stopped meanwhile, the order does not say.
select
    registration_no,
    strftime(period, '%Y-%m') as subject,
    'late' as ground,
    case
        when days_late = 0 then 'in_time'
        when kind <> 'refiling' then 'late'
        when verdict = 'accepted' then 'late_refiling'
    end as arrival,
    case when kind = 'refiling' then strftime(min(registered_on) over month, '%d.%m.%Y') || ' / ' else '' end
    || strftime(registered_on, '%d.%m.%Y') || ' (' || days_late || ')' as found,
    strftime(due_effective_on, '%d.%m.%Y') as expected
from filing_as_known_on(getvariable('known_on'))
where due_effective_on is not null
window month as (partition by pool_id, period)
order by registration_no;
