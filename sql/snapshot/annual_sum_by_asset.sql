-- One row per year, role and asset, whose name may be masked: what the masked snapshot and the full one must agree on.
select
    year,
    role,
    count(*) as rows,
    count(distinct taxpayer_id) as taxpayers,
    sum(quantity) as quantity,
    sum(unvalued_quantity) as unvalued_quantity,
    sum(income_kzt) as income_kzt
from annual_income
group by year, role, asset
order by all;
