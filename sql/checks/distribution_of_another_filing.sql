-- Rows of a filing are missing, too many, or name another pool or period than its verdict.
with stored as (
    select
        filing_key,
        count(*) as row_count,
        bool_or(pool_id is not null) as has_pool,
        min(pool_id) as first_pool,
        max(pool_id) as last_pool,
        min(period) as first_period,
        max(period) as last_period
    from internal.distribution_row
    where filing_key in (select filing_key from internal.filing_unchecked)
    group by filing_key
)

select
    examination.registration_no,
    examination.row_count as rows_examined,
    coalesce(stored.row_count, 0) as rows_stored,
    examination.pool_id,
    stored.first_pool,
    stored.last_pool,
    examination.period,
    stored.first_period,
    stored.last_period
from examination
left join stored on examination.filing_key = stored.filing_key
where
    examination.is_latest
    and examination.filing_key in (select filing_key from internal.filing_unchecked)
    and (
        examination.row_count <> coalesce(stored.row_count, 0)
        or (stored.row_count is not null and stored.first_pool is distinct from examination.pool_id)
        or (stored.row_count is not null and stored.last_pool is distinct from examination.pool_id)
        or (stored.row_count is not null and stored.first_period is distinct from examination.period)
        or (stored.row_count is not null and stored.last_period is distinct from examination.period)
    );
