-- From which cells of which workbook does a taxpayer's largest day of 2025 come?
--
-- Paras 3 and 4. trace_income takes the annual figure apart into the distributions in force; their values add up to it
-- to the last decimal. Column 8 of Annex 2 is the miner's, 9.2 the pool's reward. The workbook is in the archive,
-- here inside a zip: archive/YYYY/<registration_no>/package/<file>.
with traced as (
    select * from trace_income('160140000371', 2025)
    where role = 'miner'
),

by_day as (
    select
        distributed_on,
        sum(value_kzt) as value_kzt
    from traced
    group by distributed_on
)

select
    registration_no,
    file,
    sheet,
    row,
    asset,
    quantity,
    price,
    currency,
    rate,
    round(value_kzt, 2) as value_kzt
from traced
where distributed_on = (select arg_max(distributed_on, value_kzt) from by_day)
order by registration_no, file, sheet, row;
