-- One row per registered filing: the month and pool that it counts to, whatever became of it.
--
-- A filing whose month nobody could read counts to the month before its arrival, for which filings were then due;
-- pool_id is "" where nobody could read it.
create macro filing_month() as table
    select
        registered.filing_key,
        coalesce(examination.pool_id, '') as pool_id,
        examination.pool_name,
        coalesce(
            examination.period, (date_trunc('month', registered.registered_on) - interval 1 month)::date
        ) as month
    from internal.registered
    left join examination on registered.filing_key = examination.filing_key and examination.is_latest;
