-- One row per pool that is in the register or ever filed: its name, by the register else by its latest filing.
--
-- accredited_from and accredited_to: first day of the first accreditation, last day of the last one (null: no end).
create macro known_pool() as table
    with registered_pool as (
        select
            pool_id,
            arg_max(pool_name, accredited_from) as pool_name,
            min(accredited_from) as accredited_from,
            nullif(max(coalesce(accredited_to, date '9999-12-31')), date '9999-12-31') as accredited_to
        from pool
        group by pool_id
    ),

    filed as (
        select
            pool_id,
            arg_max(pool_name, filing_key) as pool_name
        from examination
        where is_latest and pool_id is not null
        group by pool_id
    )

    select
        coalesce(registered_pool.pool_id, filed.pool_id) as pool_id,
        coalesce(registered_pool.pool_name, filed.pool_name) as pool_name,
        registered_pool.pool_id is not null as is_registered,
        registered_pool.accredited_from,
        registered_pool.accredited_to
    from registered_pool
    full join filed on registered_pool.pool_id = filed.pool_id;
