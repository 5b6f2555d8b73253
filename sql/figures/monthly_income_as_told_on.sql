-- One row per month, role, taxpayer and asset: the former name of monthly_income_as_reported_on, for queries
-- that were written with it.
create macro monthly_income_as_told_on(reported_on) as table
    select * from monthly_income_as_reported_on(reported_on);
