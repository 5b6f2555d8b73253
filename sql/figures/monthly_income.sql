-- One row per month, role, taxpayer and asset: annual_income by month of distribution.
--
-- The month is that of the day of distribution, so the months of a year add up to annual_income even where a filing
-- holds days of another month; where the day could not be read it is the period of the filing.
create view monthly_income as
select * from monthly_income_as_known_on(internal.last_moment());
