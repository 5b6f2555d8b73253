-- Which incomes of 2025 are now different from those by the filings received before 1 November 2025?
--
-- Paras 3 and 6. annual_income_total_as_known_on leaves out filings that arrived later, corrections among them; prices
-- and rates are those of now on both sides, so only filings make a difference here. For what the office itself would
-- have reported on that day, prices included, take annual_income_total_as_reported_on. Shown are the five largest
-- differences.
with known_then as (
    select
        taxpayer_id,
        income_kzt
    from annual_income_total_as_known_on(timestamptz '2025-10-31 23:59:59.999999+05')
    where year = 2025 and role = 'miner'
),

known_now as (
    select
        taxpayer_id,
        taxpayer_name,
        income_kzt
    from annual_income_total
    where year = 2025 and role = 'miner'
)

select
    known_now.taxpayer_id,
    known_now.taxpayer_name,
    coalesce(known_then.income_kzt, 0) as known_then_kzt,
    known_now.income_kzt as known_now_kzt,
    known_now.income_kzt - coalesce(known_then.income_kzt, 0) as difference_kzt
from known_now
left join known_then on known_now.taxpayer_id = known_then.taxpayer_id
order by abs(difference_kzt) desc, known_now.taxpayer_id asc
limit 5;
