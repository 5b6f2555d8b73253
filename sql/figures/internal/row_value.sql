-- One row per distribution, role and span of knowledge, all filings: miner with column 8, pool with its reward
-- (columns 9.1 and 9.2), and its value in tenge. In force are the rows with is_latest and known_to = last_moment().
--
-- The day is the day of distribution. Where that could not be read, the period's first day is taken for it in the year
-- and the share, and the quantity has no value. A quantity of 10^14 units or more, or worth 10^15 tenge or more by
-- itself, is left without one, and so are the largest ones of a filing that would be worth as much in all
-- (figures/internal/row_beyond_value.sql).
--
-- A value is the exact product, rounded once. Where quantity and unit price are short it has no more than 12 decimals,
-- and multiplying them is all; any other takes the way of figures/internal/value_at.sql.
--
-- A distribution is here once for each value that versions of prices and rates gave it, and for each examination of
-- its filing; what was in force when is the business of figures/internal/income_part.sql.
create view internal.row_value as
with miner as (
    select
        'miner' as role,
        filing_key,
        registration_no,
        examination_no,
        is_latest,
        file,
        file_sha256,
        sheet,
        row,
        pool_id,
        taxpayer_id,
        taxpayer_id_state,
        taxpayer_name,
        licence_no,
        licence_date,
        wallet,
        distributed_on,
        coalesce(distributed_on, period) as day,
        asset,
        quantity,
        source
    from internal.examined_row
    where internal.counted_quantity(quantity) is not null
),

pool as (
    select
        'pool' as role,
        filing_key,
        registration_no,
        examination_no,
        is_latest,
        file,
        file_sha256,
        sheet,
        row,
        pool_id,
        pool_id as taxpayer_id,
        null::varchar as taxpayer_id_state,
        null::varchar as taxpayer_name,
        null::varchar as licence_no,
        null::date as licence_date,
        null::varchar as wallet,
        distributed_on,
        coalesce(distributed_on, period) as day,
        reward_asset as asset,
        reward_quantity as quantity,
        source
    from internal.examined_row
    -- A reward of 0 of no asset says that the pool takes none: it received nothing.
    where internal.counted_quantity(reward_quantity) is not null and (reward_asset is not null or reward_quantity <> 0)
),

received as (
    select
        miner.*,
        daily_asset.miner_share as share,
        daily_asset.* exclude (day, asset, miner_share, pool_share, known_from, known_to),
        coalesce(daily_asset.known_from, internal.first_moment()) as known_from,
        coalesce(daily_asset.known_to, internal.last_moment()) as known_to
    from miner
    left join internal.daily_asset on miner.day = daily_asset.day and miner.asset = daily_asset.asset
    union all
    select
        pool.*,
        daily_asset.pool_share as share,
        daily_asset.* exclude (day, asset, miner_share, pool_share, known_from, known_to),
        coalesce(daily_asset.known_from, internal.first_moment()) as known_from,
        coalesce(daily_asset.known_to, internal.last_moment()) as known_to
    from pool
    left join internal.daily_asset on pool.day = daily_asset.day and pool.asset = daily_asset.asset
),

to_value as (
    select
        received.*,
        case
            when
                received.distributed_on is not null
                and abs(received.quantity) <= received.largest_quantity
                and row_beyond_value.filing_key is null
                then received.quantity
        end as valued_quantity,
        internal.short_quantity(received.quantity) as short_quantity
    from received
    left join internal.row_beyond_value
        on
            received.filing_key = row_beyond_value.filing_key
            and received.examination_no = row_beyond_value.examination_no
            and received.known_to = row_beyond_value.known_to
            and received.role = row_beyond_value.role
            and received.file = row_beyond_value.file
            and received.sheet = row_beyond_value.sheet
            and received.row = row_beyond_value.row
)

select
    role,
    filing_key,
    registration_no,
    examination_no,
    is_latest,
    known_from,
    known_to,
    file,
    file_sha256,
    sheet,
    row,
    pool_id,
    taxpayer_id,
    taxpayer_id_state,
    taxpayer_name,
    licence_no,
    licence_date,
    wallet,
    distributed_on,
    day,
    year(day)::integer as year,
    date_trunc('month', day)::date as period,
    asset,
    share,
    quantity,
    valued_quantity,
    price_date,
    price,
    currency,
    rate_date,
    rate,
    case
        when valued_quantity = short_quantity and short_price is not null
            then short_quantity::decimal(20, 8) * short_price
        else internal.value_at(valued_quantity, price_units, price_billionths, price_rest)
    end as value_kzt,
    source
from to_value;
