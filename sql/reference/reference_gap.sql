-- One row per gap in the reference data that filings meet: no price, no exchange rate, or a pool not in the register;
-- and per asset of quantities that are too large to be given a value.
--
-- A gap of prices or rates runs until a day of the asset that has one; it is given from the first to the last day with
-- distributions in force, and days counts those. A gap of the register runs over months filed for, until one in which
-- the pool is accredited. beyond_value: quantities of 10^14 units or more, or worth too much to be true
-- (row_beyond_value), though there are price and rate. Quantities that cannot be read, or of a day that cannot be read,
-- are no gap: see excluded_row and unvalued_quantity.
create view reference_gap as
with received as (
    select
        'miner' as role,
        filing_key,
        examination_no,
        file,
        sheet,
        row,
        distributed_on as day,
        asset,
        quantity
    from internal.distribution_row
    union all
    select
        'pool' as role,
        filing_key,
        examination_no,
        file,
        sheet,
        row,
        distributed_on as day,
        reward_asset as asset,
        reward_quantity as quantity
    from internal.distribution_row
),

counted as (
    select *
    from received
    where
        filing_key in (select filing_key from internal.in_force_as_known_on(internal.last_moment()))
        and day is not null
        and internal.counted_quantity(quantity) <> 0
),

by_day as (
    select
        filing_key,
        day,
        asset,
        count(*) as row_count,
        sum(quantity) as quantity
    from counted
    group by filing_key, day, asset
),

beyond_value as (
    select
        counted.filing_key,
        counted.day,
        counted.asset,
        counted.quantity
    from counted
    inner join internal.daily_asset
        on
            counted.day = daily_asset.day
            and counted.asset = daily_asset.asset
            and daily_asset.known_to = internal.last_moment()
    left join internal.row_beyond_value
        on
            counted.filing_key = row_beyond_value.filing_key
            and counted.examination_no = row_beyond_value.examination_no
            and counted.role = row_beyond_value.role
            and counted.file = row_beyond_value.file
            and counted.sheet = row_beyond_value.sheet
            and counted.row = row_beyond_value.row
            and row_beyond_value.known_to = internal.last_moment()
    where abs(counted.quantity) > daily_asset.largest_quantity or row_beyond_value.row is not null
),

priced_day as (
    select
        daily_asset.day,
        daily_asset.asset,
        daily_asset.price,
        daily_asset.rate,
        daily_asset.currency,
        internal.on_price_list(daily_asset.asset, daily_asset.day) as is_listed,
        count(daily_asset.price) over (partition by daily_asset.asset order by daily_asset.day) as prices_so_far,
        count(daily_asset.rate) over (partition by daily_asset.asset order by daily_asset.day) as rates_so_far
    from internal.daily_asset
    where daily_asset.known_to = internal.last_moment()
),

valued as (
    select
        by_day.*,
        priced_day.currency,
        priced_day.is_listed,
        priced_day.price is null as is_price,
        priced_day.day is null as is_unknown,
        coalesce(
            case when priced_day.price is null then priced_day.prices_so_far else priced_day.rates_so_far end, 0
        ) as gap_no
    from by_day
    left join priced_day on by_day.day = priced_day.day and by_day.asset = priced_day.asset
    where priced_day.price is null or priced_day.rate is null
),

of_assets as (
    select
        *,
        case when is_price then 'price' else 'exchange_rate' end as kind,
        case
            when not is_price then 'no_rate'
            when asset not in (select ticker from asset) then 'unknown_asset'
            when is_unknown then 'outside_calendar'
            when not is_listed then 'not_on_price_list'
            else 'no_price'
        end as reason
    from valued
),

accredited as (
    select distinct
        pool.pool_id,
        period_due_date.period
    from pool
    inner join period_due_date
        on
            pool.accredited_from <= last_day(period_due_date.period)
            and period_due_date.period <= coalesce(pool.accredited_to, date '9999-12-31')
),

filed as (
    select
        pool_id,
        period,
        count(*) as filing_count,
        sum(case when status = 'accepted' then row_count else 0 end) as row_count
    from filing
    where pool_id is not null and period is not null
    group by pool_id, period
),

pool_month as (
    select
        filed.*,
        accredited.pool_id is not null as is_accredited
    from filed
    left join accredited on filed.pool_id = accredited.pool_id and filed.period = accredited.period
),

of_pools as (
    select
        *,
        count(*) filter (where is_accredited) over (partition by pool_id order by period) as gap_no
    from pool_month
)

select
    kind,
    reason,
    asset,
    currency,
    null::varchar as pool_id,
    min(day) as first_day,
    max(day) as last_day,
    count(distinct day)::integer as days,
    sum(row_count)::bigint as row_count,
    sum(quantity)::decimal(38, 18) as unvalued_quantity,
    count(distinct filing_key)::integer as filing_count
from of_assets
group by kind, reason, asset, currency, gap_no
union all
select
    'quantity' as kind,
    'beyond_value' as reason,
    asset,
    null as currency,
    null as pool_id,
    min(day) as first_day,
    max(day) as last_day,
    count(distinct day)::integer as days,
    count(*)::bigint as row_count,
    sum(quantity)::decimal(38, 18) as unvalued_quantity,
    count(distinct filing_key)::integer as filing_count
from beyond_value
group by asset
union all
select
    'pool' as kind,
    case
        when (select count(*) from pool) = 0 then 'no_register'
        when pool_id not in (select pool.pool_id from pool) then 'not_in_register'
        else 'not_accredited'
    end as reason,
    null as asset,
    null as currency,
    pool_id,
    min(period) as first_day,
    last_day(max(period)) as last_day,
    sum(date_diff('day', period, last_day(period)) + 1)::integer as days,
    sum(row_count)::bigint as row_count,
    null as unvalued_quantity,
    sum(filing_count)::integer as filing_count
from of_pools
where not is_accredited
group by pool_id, gap_no;
