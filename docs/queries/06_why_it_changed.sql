-- Why did a taxpayer's income of 2025 change since 1 November 2025?
--
-- Paras 3, 6 and 11. Each entry is something that became known: a first filing, a correction, a new version of prices
-- or rates, a re-examination. The entries add up to the difference between annual_income_total_as_reported_on of the
-- two moments, before its rounding. What is unvalued moves no income until a price comes; what has to be sold moves
-- all the same.
select
    strftime(changed.moment, '%Y-%m-%d %H:%M') as moment,
    changed.cause,
    changed.reference,
    strftime(changed.period, '%Y-%m') as month,
    changed.asset,
    changed.quantity_difference as quantity,
    changed.unvalued_difference as unvalued,
    round(changed.income_kzt_difference, 2) as income_kzt,
    changed.quantity_to_sell_difference as to_be_sold
from
    income_change(
        '160140000371', 2025, timestamptz '2025-11-01 00:00:00+05', timestamptz 'infinity'
    ) as changed
where changed.role = 'miner'
order by changed.moment, changed.reference, changed.asset;
