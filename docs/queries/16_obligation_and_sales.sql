-- What of the quantity to be sold for 2025 do the sales known to the office leave open?
--
-- Para 11. Sales are those of reference/sale.csv, which the demo does not have, so all of it is open here. What was
-- sold elsewhere or is not known to the office is not in it. Shown are the five largest in tenge at the last price.
with last_price as (
    select
        price.asset,
        arg_max(price.price * exchange_rate.kzt_per_unit, price.date) as kzt_per_unit
    from price
    inner join exchange_rate on price.currency = exchange_rate.currency and price.date = exchange_rate.date
    where price.date <= date '2025-12-31'
    group by price.asset
)

select
    sale_balance.taxpayer_id,
    sale_balance.taxpayer_name,
    sale_balance.asset,
    sale_balance.obligation,
    sale_balance.sold,
    sale_balance.open_quantity,
    round(sale_balance.open_quantity * last_price.kzt_per_unit::double) as open_kzt_about
from sale_balance
inner join last_price on sale_balance.asset = last_price.asset
where sale_balance.year = 2025
order by open_kzt_about desc, sale_balance.taxpayer_id asc
limit 5;
