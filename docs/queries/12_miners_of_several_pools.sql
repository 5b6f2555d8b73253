-- Which miners received assets from several pools in one month of 2025?
--
-- Para 3. Nothing is wrong with it: the annual income adds them up. Who asks one pool about a miner sees a part only.
-- Shown are the ten months with the most value.
select
    strftime(period, '%Y-%m') as month,
    taxpayer_id,
    max(taxpayer_name) as taxpayer_name,
    count(distinct pool_id) as pools,
    string_agg(distinct asset, ', ' order by asset) as assets,
    round(sum(value_kzt), 2) as income_kzt
from distribution_value
where role = 'miner' and year = 2025
group by period, taxpayer_id
having count(distinct pool_id) > 1
order by income_kzt desc, month asc, taxpayer_id asc
limit 10;
