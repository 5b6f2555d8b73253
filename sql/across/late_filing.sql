-- One row per filing that has a last day and had arrived by the moment: whether it came in time (R-70, R-80).
--
-- Para 5, or para 6 for a correction with a declared day of change; a correction without one has no last day. A filing
-- or correction that comes again after a refusal is a case of its own: whether the term stopped meanwhile, the order
-- does not say. Its first arrival is that of the first refusal since the version before.
with known as (
    select
        *,
        coalesce(lag(verdict) over arrivals = 'refused', false) as is_again,
        coalesce(sum((verdict = 'accepted')::integer) over earlier, 0) as version_no
    from filing_as_known_on(getvariable('known_on'))
    where pool_id is not null and period is not null
    window
        arrivals as (partition by pool_id, period order by received_at, filing_key),
        earlier as (
            partition by pool_id, period order by received_at, filing_key
            rows between unbounded preceding and 1 preceding
        )
),

with_first_arrival as (
    select
        *,
        min(registered_on) over (partition by pool_id, period, version_no) as first_on
    from known
)

select
    registration_no,
    strftime(period, '%Y-%m') as subject,
    'late' as ground,
    case
        when days_late = 0 then 'in_time'
        when not is_again then 'late'
        when verdict = 'accepted' then 'late_refiling'
    end as arrival,
    case when is_again then strftime(first_on, '%d.%m.%Y') || ' / ' else '' end
    || strftime(registered_on, '%d.%m.%Y') || ' (' || days_late || ')' as found,
    strftime(due_effective_on, '%d.%m.%Y') as expected
from with_first_arrival
where due_effective_on is not null
order by registration_no;
