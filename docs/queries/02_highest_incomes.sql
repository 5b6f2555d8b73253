-- Whose income of 2025 is the highest, and what of it has no value, and why?
--
-- Paras 3 and 4. The ten highest miners' incomes, with each quantity that is in no sum and the gap of the reference
-- data that keeps it out. A gap is reported for the asset as a whole: it may be met by other taxpayers on other days.
-- An income with something unvalued is too low; how much too low, the data do not show.
with gap as (
    select
        asset,
        string_agg(distinct reason, ', ' order by reason) as reasons
    from reference_gap
    where kind <> 'pool' and first_day <= date '2025-12-31' and last_day >= date '2025-01-01'
    group by asset
),

unvalued as (
    select
        annual_income.taxpayer_id,
        string_agg(
            concat(round(annual_income.unvalued_quantity, 8), ' ', annual_income.asset, ' (', gap.reasons, ')'), ', '
            order by annual_income.asset
        ) as without_value
    from annual_income
    left join gap on annual_income.asset = gap.asset
    where annual_income.year = 2025 and annual_income.role = 'miner' and annual_income.unvalued_quantity > 0
    group by annual_income.taxpayer_id
)

select
    annual_income_total.taxpayer_id,
    annual_income_total.taxpayer_name,
    annual_income_total.income_kzt,
    unvalued.without_value
from annual_income_total
left join unvalued on annual_income_total.taxpayer_id = unvalued.taxpayer_id
where annual_income_total.year = 2025 and annual_income_total.role = 'miner'
order by annual_income_total.income_kzt desc, annual_income_total.taxpayer_id asc
limit 10;
