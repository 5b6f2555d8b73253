-- One row per calendar day, asset and span of knowledge: the price, rate and shares that daily_asset should hold.
--
-- Price: of the day of receipt if it is a working day, else of the working day before it, even if the table has a
-- row for the day off; none for an asset that is not on the official list of the day of receipt, whatever the table
-- holds. Rate: of the day of receipt, else the last one before it (facts on valuation, rules 1 to 4 and 6).
-- Share: of the rule valid on the day, and only for an asset classed unbacked on that day (para 11).
--
-- Rows with known_to = last_moment() are those in force. Where prices and rates were replaced at one moment, a row with
-- known_from = known_to says what the new price was worth at the old rate, so that each can have its part of the
-- change; it was in force at no time.
create view internal.daily_asset_due as
with tickers as (
    select ticker as asset from asset
    union
    select asset from price_history
),

price_in_sequence as (
    select
        *,
        coalesce(lead(known_from) over of_day, internal.last_moment()) as known_from_after
    from price_history
    window of_day as (partition by date, asset order by known_from)
),

price_reported as (
    select
        date,
        asset,
        price,
        currency,
        known_from,
        known_to
    from price_in_sequence
    union all
    select
        date,
        asset,
        null as price,
        null as currency,
        internal.first_moment() as known_from,
        min(known_from) as known_to
    from price_in_sequence
    group by date, asset
    having min(known_from) > internal.first_moment()
    union all
    select
        date,
        asset,
        null as price,
        null as currency,
        known_to as known_from,
        known_from_after as known_to
    from price_in_sequence
    where known_to < known_from_after
),

asset_day as (
    select
        calendar_day.day,
        calendar_day.price_date,
        tickers.asset,
        internal.on_price_list(tickers.asset, calendar_day.day) as is_listed
    from calendar_day
    cross join tickers
),

daily_price as (
    select
        asset_day.day,
        asset_day.asset,
        case when price_reported.price is not null then price_reported.date end as price_date,
        price_reported.price,
        price_reported.currency,
        coalesce(price_reported.known_from, internal.first_moment()) as known_from,
        coalesce(price_reported.known_to, internal.last_moment()) as known_to
    from asset_day
    left join price_reported
        on
            asset_day.is_listed
            and asset_day.price_date = price_reported.date
            and asset_day.asset = price_reported.asset
),

rate_moment as (
    select internal.first_moment() as moment
    union
    select known_from as moment from exchange_rate_history
    union
    select known_to as moment from exchange_rate_history
    where known_to < internal.last_moment()
),

rate_then as (
    select
        rate_moment.moment,
        exchange_rate_history.currency,
        exchange_rate_history.date as rate_date,
        exchange_rate_history.kzt_per_unit as rate
    from rate_moment
    inner join exchange_rate_history
        on
            rate_moment.moment >= exchange_rate_history.known_from
            and rate_moment.moment < exchange_rate_history.known_to
),

currencies as (
    select distinct currency from exchange_rate_history
    where currency in (select price_history.currency from price_history) and currency <> 'KZT'
),

daily_rate_then as (
    select
        days.day,
        days.currency,
        days.moment,
        rate_then.rate_date,
        rate_then.rate
    from (
        select
            calendar_day.day,
            currencies.currency,
            rate_moment.moment
        from calendar_day
        cross join currencies
        cross join rate_moment
    ) as days
    asof left join rate_then
        on
            days.currency = rate_then.currency
            and days.moment = rate_then.moment
            and days.day >= rate_then.rate_date
),

daily_rate_in_sequence as (
    select
        *,
        lag(moment) over of_day as moment_before,
        lag(rate) over of_day as rate_before,
        lag(rate_date) over of_day as rate_date_before
    from daily_rate_then
    window of_day as (partition by day, currency order by moment)
),

rate_change as (
    select *
    from daily_rate_in_sequence
    where
        moment_before is null
        or rate is distinct from rate_before
        or rate_date is distinct from rate_date_before
),

daily_rate as (
    select
        day,
        currency,
        rate_date,
        rate,
        moment as known_from,
        coalesce(lead(moment) over of_day, internal.last_moment()) as known_to
    from rate_change
    window of_day as (partition by day, currency order by moment)
),

at_all_times as (
    select
        daily_price.day,
        daily_price.asset,
        daily_price.price_date,
        daily_price.price,
        daily_price.currency,
        daily_rate.rate_date,
        daily_rate.rate,
        greatest(daily_price.known_from, daily_rate.known_from) as known_from,
        least(daily_price.known_to, daily_rate.known_to) as known_to
    from daily_price
    left join daily_rate
        on
            daily_price.day = daily_rate.day
            and daily_price.currency = daily_rate.currency
            and daily_price.known_from < daily_rate.known_to
            and daily_price.known_to > daily_rate.known_from
),

between_price_and_rate as (
    select
        at_all_times.day,
        at_all_times.asset,
        daily_price.price_date,
        daily_price.price,
        daily_price.currency,
        daily_rate.rate_date,
        daily_rate.rate,
        at_all_times.known_to as known_from,
        at_all_times.known_to
    from at_all_times
    inner join internal.version_moment
        on
            at_all_times.known_to = version_moment.moment
            and version_moment.price_sha256 is not null
            and version_moment.exchange_rate_sha256 is not null
    inner join daily_price
        on
            at_all_times.day = daily_price.day
            and at_all_times.asset = daily_price.asset
            and at_all_times.known_to >= daily_price.known_from
            and at_all_times.known_to < daily_price.known_to
    left join daily_rate
        on
            daily_price.day = daily_rate.day
            and daily_price.currency = daily_rate.currency
            and at_all_times.known_to > daily_rate.known_from
            and at_all_times.known_to <= daily_rate.known_to
),

priced as (
    select * from at_all_times
    union all
    select * from between_price_and_rate
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
),

shared as (
    select
        priced.day,
        priced.asset,
        priced.price_date,
        priced.price,
        priced.currency,
        case when priced.currency = 'KZT' then priced.day else priced.rate_date end as rate_date,
        case when priced.currency = 'KZT' then 1 else priced.rate end::decimal(38, 6) as rate,
        shares.miner_share,
        shares.pool_share,
        priced.known_from,
        priced.known_to
    from priced
    left join shares
        on priced.day = shares.day and priced.asset = shares.asset
)

select
    day,
    asset,
    price_date,
    price,
    currency,
    rate_date,
    rate,
    internal.short_price(price * rate) as short_price,
    internal.units_of_price(price * rate) as price_units,
    internal.billionths_of(price * rate) as price_billionths,
    internal.rest_of(price * rate) as price_rest,
    miner_share,
    pool_share,
    known_from,
    known_to
from shared;
