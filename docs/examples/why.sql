select
    moment,
    cause,
    reference,
    quantity_difference,
    round(income_kzt_difference, 2) as income_kzt_difference,
    quantity_to_sell_difference
from income_change('160140000371', 2025, timestamptz '2025-12-01 00:00:00+05', timestamptz 'infinity')
where asset = 'BCH';
