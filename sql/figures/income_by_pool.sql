-- One row per year, month, role, pool and asset: the same income by the pool that filed it.
create view income_by_pool as
select
    year,
    period,
    role,
    pool_id,
    asset,
    sum(row_count)::bigint as row_count,
    sum(quantity)::decimal(38, 18) as quantity,
    sum(valued_quantity)::decimal(38, 18) as valued_quantity,
    sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
    sum(income_kzt)::decimal(38, 12) as income_kzt
from internal.income_part_as_known_on(internal.last_moment())
group by year, period, role, pool_id, asset;
