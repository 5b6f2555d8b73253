-- One row per asset with prices that are kept and not used, because the asset is not on the official list of any day of
-- receipt that would take them (facts on valuation, rule 6). Prices of days off are unused in any case and not counted.
create view unused_price as
with served as (
    select
        price.asset,
        price.date,
        bool_or(internal.on_price_list(price.asset, calendar_day.day)) as is_used
    from price
    inner join calendar_day on price.date = calendar_day.price_date
    group by price.asset, price.date
)

select
    asset,
    min(date) as first_day,
    max(date) as last_day,
    count(*)::integer as days
from served
where not is_used
group by asset;
