-- One row per year, role and taxpayer, by the filings received until a moment; prices and rates as of now.
create macro annual_income_total_as_known_on(known_on) as table
    select * from internal.annual_income_total_at(known_on, internal.last_moment());
