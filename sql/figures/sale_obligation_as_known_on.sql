-- One row per year, role, taxpayer, asset and share, by the filings received until a moment.
create macro sale_obligation_as_known_on(known_on) as table
    select * from internal.sale_obligation_at(known_on, internal.last_moment());
