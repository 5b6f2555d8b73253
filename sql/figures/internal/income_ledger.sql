-- One row per accepted filing, year and role: its parts by its latest examination, at the prices and rates in force,
-- added up. sql/checks/part_sums.sql holds them against the filing's rows.
create view internal.income_ledger as
select
    income_part.filing_key,
    income_part.year,
    income_part.role,
    sum(income_part.row_count)::bigint as row_count,
    sum(income_part.quantity)::decimal(38, 18) as quantity,
    sum(income_part.income_kzt)::decimal(38, 12) as income_kzt
from internal.income_part
inner join examination
    on
        income_part.filing_key = examination.filing_key
        and income_part.examination_no = examination.examination_no
where examination.is_latest and income_part.known_to = internal.last_moment()
group by income_part.filing_key, income_part.year, income_part.role;
