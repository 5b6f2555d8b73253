-- One row per month, role, taxpayer and asset, as it was reported on a moment: with the filings, decisions,
-- prices, rates and examinations known by then (paras 3, 6 and 11).
create macro monthly_income_as_reported_on(reported_on) as table
    select * from internal.monthly_income_at(reported_on, reported_on);
