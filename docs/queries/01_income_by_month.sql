-- What did one taxpayer earn in each month of 2025?
--
-- Para 3. Income as reported by pools: quantity x price x rate of the day of distribution. It is not the taxpayer's
-- whole income, and no tax is computed. What has no value yet is in no sum; its assets are named beside it.
-- Months are those of the day of distribution; amounts are rounded here for reading, not in the warehouse.
select
    strftime(period, '%Y-%m') as month,
    sum(row_count)::integer as distributions,
    round(sum(income_kzt), 2) as income_kzt,
    string_agg(asset, ', ' order by asset) filter (where unvalued_quantity > 0) as without_value
from monthly_income
where year = 2025 and role = 'miner' and taxpayer_id = '160140000371'
group by period
order by period;
