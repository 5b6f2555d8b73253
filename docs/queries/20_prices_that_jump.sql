-- On which days does a price differ most from that of the working day before, and what was valued at it?
--
-- Para 3. A jump may be the market's or a misplaced point in a price list; the reference desk asks about more than 30 %
-- when a list is handed in. Prices of days off, which no distribution is valued at, are left out. Shown are the ten
-- largest jumps of 2025 on days with distributions.
with moved as (
    select
        price.date,
        price.asset,
        price.price,
        lag(price.price) over (partition by price.asset order by price.date) as price_before
    from price
    inner join calendar_day on price.date = calendar_day.day
    where calendar_day.working
)

select
    moved.date,
    moved.asset,
    moved.price_before,
    moved.price,
    round(100 * moved.price / moved.price_before - 100, 2) as percent,
    count(*) as distributions,
    round(sum(distribution_value.value_kzt), 2) as value_kzt
from moved
inner join distribution_value on moved.date = distribution_value.price_date and moved.asset = distribution_value.asset
where moved.date between date '2025-01-01' and date '2025-12-31' and moved.price_before > 0
group by moved.date, moved.asset, moved.price_before, moved.price
order by abs(moved.price / moved.price_before - 1) desc, moved.date asc, moved.asset asc
limit 10;
