-- Which pools were late or silent in 2025, seen from the morning of 1 March 2026?
--
-- Paras 5 and 10. Lateness counts calendar days from the effective due day (the 25th, or the next working day) to the
-- first filing accepted for the month. Silence is a question, not a fault: a month without distributions creates no
-- duty. not_filed means that an officer confirmed it, or that the pool's other filings show distributions.
select
    strftime(calendar.period, '%Y-%m') as month,
    calendar.pool_id,
    pool.pool_name,
    calendar.state,
    calendar.due_effective_on as due_on,
    calendar.first_arrived_on as first_arrival,
    calendar.accepted_days_late as days_late,
    calendar.silence
from
    filing_calendar_as_of(date '2026-03-01', timestamptz '2026-02-28 23:59:59.999999+05') as calendar
left join pool on calendar.pool_id = pool.pool_id
where calendar.period between date '2025-01-01' and date '2025-12-01' and calendar.state <> 'on_time'
order by calendar.period, calendar.pool_id;
