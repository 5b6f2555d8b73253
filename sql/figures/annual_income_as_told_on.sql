-- One row per year, role, taxpayer and asset: the former name of annual_income_as_reported_on, for queries
-- that were written with it.
create macro annual_income_as_told_on(reported_on) as table
    select * from annual_income_as_reported_on(reported_on);
