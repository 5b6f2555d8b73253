-- One row per year, role and taxpayer, as it was reported on a moment: with the filings, decisions,
-- prices, rates and examinations known by then (paras 3, 6 and 11).
create macro annual_income_total_as_reported_on(reported_on) as table
    select * from internal.annual_income_total_at(reported_on, reported_on);
