-- One row per year, role, taxpayer, asset and share: the former name of sale_obligation_as_reported_on, for queries
-- that were written with it.
create macro sale_obligation_as_told_on(reported_on) as table
    select * from sale_obligation_as_reported_on(reported_on);
