-- Whose licence expires in 2026, and what did they receive in the last quarter of 2025?
--
-- Para 10. By the register of licences. Distributions after the day of expiry are found by rule R-75; here is who to
-- remind before. Shown are the ten that expire first.
select
    licence.licence_no,
    licence.miner_id,
    max(distribution_value.taxpayer_name) as taxpayer_name,
    licence.expires_on,
    count(distribution_value.registration_no) as distributions,
    round(coalesce(sum(distribution_value.value_kzt), 0), 2) as income_kzt
from licence
left join distribution_value
    on
        licence.miner_id = distribution_value.taxpayer_id
        and distribution_value.role = 'miner'
        and distribution_value.day between date '2025-10-01' and date '2025-12-31'
where licence.expires_on between date '2026-01-01' and date '2026-12-31'
group by licence.licence_no, licence.miner_id, licence.expires_on
order by licence.expires_on, licence.licence_no
limit 10;
