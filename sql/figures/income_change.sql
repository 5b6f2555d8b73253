-- One row per entry of a taxpayer's year after one moment and up to another: by what the figures changed in between.
--
-- The difference between annual_income_as_reported_on (and sale_obligation_as_reported_on) of the two moments is the
-- sum of the differences. since may be -infinity, until infinity.
create macro income_change(taxpayer, of_year, since, until) as table
    select *
    from income_entry
    where
        taxpayer_id = taxpayer::varchar
        and year = of_year::integer
        and moment > since::timestamptz
        and moment <= until::timestamptz
    order by moment, cause = 'exchange_rate', cause, reference, registration_no, pool_id, period, role, asset;
