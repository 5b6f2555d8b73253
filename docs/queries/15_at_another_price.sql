-- What would a month be worth at the prices of its first day?
--
-- Para 3. The value of a distribution takes price and rate of its own day. Here December 2025 is valued at those of 1
-- December as well, by the same macro, to see how much of a month's income is the market's and not the miners'.
with first_day as (
    select distinct
        price.asset,
        price.price,
        exchange_rate.kzt_per_unit as rate
    from price
    inner join exchange_rate
        on price.currency = exchange_rate.currency and exchange_rate.date = date '2025-12-01'
    where price.date = date '2025-12-01'
)

select
    distribution_value.asset,
    sum(distribution_value.valued_quantity) as quantity,
    round(sum(distribution_value.value_kzt), 2) as income_kzt,
    round(
        sum(value_kzt(distribution_value.valued_quantity, first_day.price, first_day.rate)), 2
    ) as at_first_day_kzt,
    round(
        100 * sum(distribution_value.value_kzt)
        / sum(value_kzt(distribution_value.valued_quantity, first_day.price, first_day.rate)) - 100, 2
    ) as percent
from distribution_value
inner join first_day on distribution_value.asset = first_day.asset
where
    distribution_value.role = 'miner'
    and distribution_value.period = date '2025-12-01'
    and distribution_value.valued_quantity is not null
group by distribution_value.asset
order by income_kzt desc;
