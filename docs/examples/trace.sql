select
    registration_no,
    sheet,
    row,
    distributed_on,
    quantity,
    price,
    price_date,
    rate,
    value_kzt
from trace_income('160140000371', 2025)
where role = 'miner' and asset = 'BCH' and period = date '2025-10-01';
