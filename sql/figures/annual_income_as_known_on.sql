-- One row per year, role, taxpayer and asset, by the filings received until a moment; prices and rates as of now.
create macro annual_income_as_known_on(known_on) as table
    select * from internal.annual_income_at(known_on, internal.last_moment());
