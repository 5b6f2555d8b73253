-- One row per taxpayer, asset and currency: how many days of prices and rates are behind the valued quantities of a
-- year as reported on a moment, and where they come from.
--
-- The sources of versions of the reference files that are not in force any more are given as lists of structs: an asset
-- (or currency), first and last day, and the source of the price (or rate) on the days between.
create macro statement_price(of_year, reported_on, price_sources, rate_sources) as table
    with price_source as (
        select
            unnest(
                price_sources::struct(key varchar, first_day date, last_day date, source varchar)[],
                recursive := true
            )
    ),

    rate_source as (
        select
            unnest(
                rate_sources::struct(key varchar, first_day date, last_day date, source varchar)[],
                recursive := true
            )
    ),

    used as (
        select distinct
            distributed.taxpayer_id,
            distributed.asset,
            daily_asset.price_date,
            daily_asset.currency,
            daily_asset.rate_date
        from quantity_as_reported_on(reported_on) as distributed
        inner join internal.daily_asset
            on distributed.distributed_on = daily_asset.day and distributed.asset = daily_asset.asset
        where
            year(distributed.distributed_on) = of_year::integer
            and abs(distributed.quantity) <= daily_asset.largest_quantity
            and daily_asset.known_from <= reported_on::timestamptz
            and daily_asset.known_to > reported_on::timestamptz
            and daily_asset.price is not null
            and daily_asset.rate is not null
    )

    select
        used.taxpayer_id,
        used.asset,
        used.currency,
        count(distinct used.price_date)::integer as price_days,
        min(used.price_date) as first_price_day,
        max(used.price_date) as last_price_day,
        coalesce(string_agg(distinct price_source.source, '; ' order by price_source.source), '') as price_sources,
        coalesce(string_agg(distinct rate_source.source, '; ' order by rate_source.source), '') as rate_sources
    from used
    left join price_source
        on
            used.asset = price_source.key
            and used.price_date between price_source.first_day and price_source.last_day
    left join rate_source
        on
            used.currency = rate_source.key
            and used.rate_date between rate_source.first_day and rate_source.last_day
    group by used.taxpayer_id, used.asset, used.currency;
