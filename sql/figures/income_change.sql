-- One row per entry of a taxpayer's year after one moment and up to another: by what the figures changed in between.
--
-- What annual_income_as_told_on and sale_obligation_as_told_on tell of the two moments differs by the sum of the
-- differences. since may be -infinity, until infinity.
create macro income_change(taxpayer, of_year, since, until) as table
    select *
    from income_entry
    where
        taxpayer_id = taxpayer::varchar
        and year = of_year::integer
        and moment > since::timestamptz
        and moment <= until::timestamptz
    order by moment, cause = 'exchange_rate', cause, reference, registration_no, pool_id, period, role, asset;
