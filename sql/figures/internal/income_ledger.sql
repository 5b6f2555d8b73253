-- One row per accepted filing, year and role: its parts that hold now, added up. sql/checks/part_sums.sql holds them
-- against the filing's rows.
create view internal.income_ledger as
select
    filing_key,
    year,
    role,
    sum(row_count)::bigint as row_count,
    sum(quantity)::decimal(38, 18) as quantity,
    sum(income_kzt)::decimal(38, 12) as income_kzt
from internal.current_part
group by filing_key, year, role;
