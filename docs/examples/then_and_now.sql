select
    'known on 1 December' as reported,
    asset,
    quantity,
    round(income_kzt, 2) as income_kzt
from monthly_income_as_known_on(timestamptz '2025-12-01 00:00:00+05')
where taxpayer_id = '160140000371' and role = 'miner' and period = date '2025-10-01' and asset in ('BCH', 'ZEC')
union all by name
select
    'reported on 1 December' as reported,
    asset,
    quantity,
    round(income_kzt, 2) as income_kzt
from monthly_income_as_reported_on(timestamptz '2025-12-01 00:00:00+05')
where taxpayer_id = '160140000371' and role = 'miner' and period = date '2025-10-01' and asset in ('BCH', 'ZEC')
union all by name
select
    'now' as reported,
    asset,
    quantity,
    round(income_kzt, 2) as income_kzt
from monthly_income
where taxpayer_id = '160140000371' and role = 'miner' and period = date '2025-10-01' and asset in ('BCH', 'ZEC')
order by asset, reported;
