-- Is each month of the last quarter of 2025 complete: who has filed, and what of it has a value?
--
-- Paras 5 and 10. Before a figure is used: months with pools silent, refused or waiting are not complete, nor
-- is one with quantities that have no value. The calendar is that of the snapshot's day.
with calendar as (
    select
        period,
        count(*) as pools,
        count(*) filter (where state in ('on_time', 'late')) as filed,
        string_agg(state || ' ' || pool_id, ', ' order by state, pool_id)
        filter (where state not in ('on_time', 'late')) as others
    from filing_calendar
    where period between date '2025-10-01' and date '2025-12-01'
    group by period
),

figures as (
    select
        period,
        sum(row_count) filter (where role = 'miner')::integer as distributions,
        round(sum(income_kzt) filter (where role = 'miner'), 2) as income_kzt,
        string_agg(distinct asset, ', ' order by asset) filter (where unvalued_quantity > 0) as without_value
    from income_by_pool
    group by period
)

select
    strftime(calendar.period, '%Y-%m') as month,
    calendar.pools,
    calendar.filed,
    figures.distributions,
    figures.income_kzt,
    figures.without_value,
    calendar.others
from calendar
left join figures on calendar.period = figures.period
order by calendar.period;
