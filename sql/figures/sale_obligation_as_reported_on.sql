-- One row per year, role, taxpayer, asset and share, as it was reported on a moment: with the filings, decisions,
-- prices, rates and examinations known by then (paras 3, 6 and 11).
create macro sale_obligation_as_reported_on(reported_on) as table
    select * from internal.sale_obligation_at(reported_on, reported_on);
