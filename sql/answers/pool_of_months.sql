-- One row per pool that filed for the months from first_month to last_month, or was accredited in them, with its name.
--
-- A name of the register goes before that of the latest filing; pool_id is "" for filings whose pool nobody could read.
create macro pool_of_months(first_month, last_month) as table
    with registered_pool as (
        select
            pool_id,
            arg_max(pool_name, accredited_from) as pool_name,
            bool_or(
                accredited_from <= last_day(last_month::date) and coalesce(accredited_to >= first_month::date, true)
            ) as is_accredited
        from pool
        group by pool_id
    ),

    filed as (
        select
            pool_id,
            arg_max(pool_name, filing_key) as pool_name
        from filing_month()
        where month between first_month::date and last_month::date
        group by pool_id
    )

    select
        coalesce(filed.pool_id, registered_pool.pool_id) as pool_id,
        coalesce(registered_pool.pool_name, filed.pool_name) as pool_name
    from filed
    full join registered_pool on filed.pool_id = registered_pool.pool_id
    where filed.pool_id is not null or registered_pool.is_accredited;
