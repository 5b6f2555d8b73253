-- One row per filing on the work list, year and role.
create view income_ledger_due as
select
    filing_key,
    year,
    role,
    count(*) as row_count,
    sum(quantity)::decimal(38, 18) as quantity,
    coalesce(sum(value_kzt), 0)::decimal(38, 20) as income_kzt
from distribution_value
where filing_key in (select filing_key from filing_to_value)
group by filing_key, year, role;
