-- One row per year, role and taxpayer: the former name of annual_income_total_as_reported_on, for queries
-- that were written with it.
create macro annual_income_total_as_told_on(reported_on) as table
    select * from annual_income_total_as_reported_on(reported_on);
