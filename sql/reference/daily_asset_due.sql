-- One row per calendar day and asset: the price, rate and shares that daily_asset should hold now.
--
-- Price: of the day of receipt if it is a working day, else of the working day before it, even if the table has a
-- row for the day off. Rate: of the day of receipt, else the last one before it (facts on valuation, rules 1 to 3).
-- Share: of the rule valid on the day, and only for an asset classed unbacked on that day (para 11).
create view daily_asset_due as
with tickers as (
    select ticker as asset from asset
    union
    select asset from price
),

days as (
    select
        calendar_day.day,
        calendar_day.price_date,
        tickers.asset
    from calendar_day
    cross join tickers
),

priced as (
    select
        days.day,
        days.asset,
        price.date as price_date,
        price.price,
        price.currency
    from days
    left join price
        on days.price_date = price.date and days.asset = price.asset
),

currencies as (
    select distinct currency from exchange_rate
),

daily_rate as (
    select
        calendar_day.day,
        currencies.currency,
        exchange_rate.date as rate_date,
        exchange_rate.kzt_per_unit as rate
    from calendar_day
    cross join currencies
    asof join exchange_rate
        on currencies.currency = exchange_rate.currency and calendar_day.day >= exchange_rate.date
),

shares as (
    select
        calendar_day.day,
        asset.ticker as asset,
        max(sale_rule.share) filter (where sale_rule.obliged_role = 'miner') as miner_share,
        max(sale_rule.share) filter (where sale_rule.obliged_role = 'pool') as pool_share
    from calendar_day
    inner join asset
        on calendar_day.day between asset.valid_from and coalesce(asset.valid_to, date '9999-12-31')
    inner join sale_rule
        on calendar_day.day between sale_rule.valid_from and coalesce(sale_rule.valid_to, date '9999-12-31')
    where asset.asset_class = 'unbacked'
    group by calendar_day.day, asset.ticker
)

select
    priced.day,
    priced.asset,
    priced.price_date,
    priced.price,
    priced.currency,
    case when priced.currency = 'KZT' then priced.day else daily_rate.rate_date end as rate_date,
    case when priced.currency = 'KZT' then 1 else daily_rate.rate end::decimal(38, 20) as rate,
    shares.miner_share,
    shares.pool_share
from priced
left join daily_rate
    on priced.day = daily_rate.day and priced.currency = daily_rate.currency
left join shares
    on priced.day = shares.day and priced.asset = shares.asset;
