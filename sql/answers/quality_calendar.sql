-- One row per pool and month from first_month to last_month in which a filing was due or came (para 5).
--
-- Judged as of a day (null: that of the warehouse) by what was known on a moment.
create macro quality_calendar(first_month, last_month, of_pool, known_on, of_day) as table
    select *
    from filing_calendar_as_of(coalesce(of_day::date, (select as_of from build)), known_on::timestamptz)
    where
        period between first_month::date and last_month::date
        and (of_pool::varchar is null or pool_id = of_pool::varchar);
