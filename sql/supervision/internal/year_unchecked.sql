-- One row per year of which figures have changed since the checks last passed: changed filings, or others of the same
-- pool and period, have a part in it.
create macro internal.year_unchecked() as table
    with changed as (
        select
            pool_id,
            period
        from examination
        where filing_key in (select filing_key from internal.filing_unchecked)
    ),

    affected as (
        select examination.filing_key
        from examination
        inner join changed
            on
                examination.pool_id is not distinct from changed.pool_id
                and examination.period is not distinct from changed.period
    )

    select distinct year
    from internal.income_part
    where year is not null and filing_key in (select filing_key from affected);
