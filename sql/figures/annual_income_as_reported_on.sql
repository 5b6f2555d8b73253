-- One row per year, role, taxpayer and asset, as it was reported on a moment: with the filings, decisions,
-- prices, rates and examinations known by then (paras 3, 6 and 11).
create macro annual_income_as_reported_on(reported_on) as table
    select * from internal.annual_income_at(reported_on, reported_on);
