-- What did each pool itself receive for 2025, beside what its miners received?
--
-- Para 3. The reward of the pool (columns 9.1 and 9.2) is income of the pool, not of its miners. The share shows how
-- much of all that a pool distributed it kept; only what has a value counts in it. Months are those of distribution.
with named as (
    select
        pool_id,
        arg_max(pool_name, accredited_from) as pool_name
    from pool
    group by pool_id
)

select
    income_by_pool.pool_id,
    max(named.pool_name) as pool_name,
    round(sum(income_by_pool.income_kzt) filter (where income_by_pool.role = 'pool'), 2) as reward_kzt,
    round(sum(income_by_pool.income_kzt) filter (where income_by_pool.role = 'miner'), 2) as of_miners_kzt,
    round(
        100 * sum(income_by_pool.income_kzt) filter (where income_by_pool.role = 'pool')
        / nullif(sum(income_by_pool.income_kzt), 0), 2
    ) as reward_percent
from income_by_pool
left join named on income_by_pool.pool_id = named.pool_id
where income_by_pool.year = 2025
group by income_by_pool.pool_id
order by reward_kzt desc nulls last, income_by_pool.pool_id asc;
