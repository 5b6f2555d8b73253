-- One row per asset and reason for which units of distributions in force have no value, with the months in question.
--
-- By months, from the figures; the days are in reference_gap, which reads every row for them. reason: gap (an official
-- price or a rate of a day of these months is missing), not_listed (it is not on the official price list of a day of
-- these months), quantity (prices are there, but some quantity or day cannot be read).
create macro unvalued_months() as table
    with unvalued as (
        select distinct
            asset,
            period
        from monthly_income
        where unvalued_quantity <> 0
    ),

    without_price as (
        select
            asset,
            date_trunc('month', day)::date as period,
            bool_or(internal.on_price_list(asset, day)) as is_listed
        from internal.daily_asset
        where (price is null or rate is null) and known_to = internal.last_moment()
        group by all
    ),

    explained as (
        select
            unvalued.*,
            case
                when without_price.is_listed then 'gap'
                when without_price.asset is not null then 'not_listed'
                when unvalued.asset in (select ticker from price_list) then 'quantity'
                else 'not_listed'
            end as reason
        from unvalued
        left join without_price
            on unvalued.asset = without_price.asset and unvalued.period = without_price.period
    )

    select
        asset,
        min(period) as first_period,
        max(period) as last_period,
        count(*) as month_count,
        reason
    from explained
    group by asset, reason;
