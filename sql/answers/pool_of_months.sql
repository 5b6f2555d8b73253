-- One row per pool that filed for the months from first_month to last_month, or was accredited in them, with its name.
--
-- pool_id is "" for filings whose pool nobody could read.
create macro pool_of_months(first_month, last_month) as table
    with present as (
        select pool_id
        from filing_month()
        where month between first_month::date and last_month::date
        union
        select pool_id
        from pool
        where accredited_from <= last_day(last_month::date) and coalesce(accredited_to >= first_month::date, true)
    )

    select
        present.pool_id,
        known_pool.pool_name
    from present
    left join known_pool() as known_pool on present.pool_id = known_pool.pool_id;
