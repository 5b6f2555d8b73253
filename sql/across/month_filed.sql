-- One row per filing and question: whether its month was over when it came, and whether what it changes is there.
--
-- R-81: a filing for a month that was not over (para 5 wants the data of a month). R-82: a declared day of change
-- (para 6) where nothing had been accepted for the month; it is then a first filing, due on the 25th.
with accepted as (
    select
        registration_no,
        registered_on,
        period,
        kind,
        change_date
    from filing_as_known_on(getvariable('known_on'))
    where pool_id is not null and period is not null and verdict = 'accepted'
)

select
    registration_no,
    strftime(period, '%Y-%m') as subject,
    'unreliable' as ground,
    case when registered_on > last_day(period) then 'over' else 'not_over' end as month_filed,
    null as version_before,
    strftime(registered_on, '%d.%m.%Y') as found,
    strftime(period, '%m.%Y') as expected
from accepted
union all
select
    registration_no,
    strftime(period, '%Y-%m') as subject,
    'unreliable' as ground,
    null as month_filed,
    case when kind = 'correction' then 'there' else 'missing' end as version_before,
    strftime(change_date, '%d.%m.%Y') as found,
    strftime(period, '%m.%Y') as expected
from accepted
where change_date is not null
order by registration_no;
