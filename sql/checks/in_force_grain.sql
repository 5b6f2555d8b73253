-- A pool and period have more than one filing in force (para 6).
select
    pool_id,
    period,
    count(*) as filings
from internal.in_force_as_known_on(internal.last_moment())
where pool_id is not null and period is not null
group by pool_id, period
having count(*) > 1;
