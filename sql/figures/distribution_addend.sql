-- One row per distribution, role and span of knowledge, all filings: miner with column 8, pool with its reward
-- (columns 9.1 and 9.2). In force are the rows with is_latest and known_to = infinity.
--
-- Its value is quantity x price x rate. DuckDB's decimals have 38 digits and the exact product up to 58, so the value
-- is told as four addends, each exact and fit to be summed; figures/income_of.sql makes one number of their sums.
--
--     coarse    quantity x the unit price's first 4 decimals
--     fine      quantity x the unit price's decimals 5 to 10, in units of 10^-10 tenge
--     finest    quantity x the unit price's decimals 11 to 16, in units of 10^-16 tenge
--     unusual   the whole value where the quantity is beyond usual_quantity, or the unit price has more decimals
--
-- An unusual quantity is taken apart into whole units, billionths of a unit (nano) and billionths of those (atto):
--
--     unusual = whole x unit_price + nano x unit_price_e9 + atto x unit_price_e18 + tail
--
-- where the shifted unit prices are cut at the 20th decimal and the tail is what the cuts left off, rounded half up.
-- A tail may be below zero (nano is rounded, so atto may be negative), while `//` cuts towards zero: hence a shift
-- upwards before each division and back after it.
--
-- The day is the day of distribution. Where that could not be read, the period's first day stands for it in the year
-- and the share, and the quantity has no value. A quantity of 10^14 units or more, or worth 10^15 tenge or more by
-- itself, is left without one, and so are the largest ones of a filing that would be worth as much in all
-- (figures/row_beyond_value.sql).
--
-- A distribution is told once for each value that versions of prices and rates gave it, and for each examination of
-- its filing; what was in force when is the business of figures/income_part.sql.
create view distribution_addend as
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
        wallet,
        distributed_on,
        coalesce(distributed_on, period) as day,
        asset,
        quantity
    from examined_row
    where counted_quantity(quantity) is not null
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
        null::varchar as wallet,
        distributed_on,
        coalesce(distributed_on, period) as day,
        reward_asset as asset,
        reward_quantity as quantity
    from examined_row
    -- A reward of 0 of no asset says that the pool takes none: it received nothing.
    where counted_quantity(reward_quantity) is not null and (reward_asset is not null or reward_quantity <> 0)
),

received as (
    select
        miner.*,
        daily_asset.miner_share as share,
        daily_asset.* exclude (day, asset, miner_share, pool_share, known_from, known_to),
        coalesce(daily_asset.known_from, '-infinity'::timestamptz) as known_from,
        coalesce(daily_asset.known_to, 'infinity'::timestamptz) as known_to
    from miner
    left join daily_asset on miner.day = daily_asset.day and miner.asset = daily_asset.asset
    union all
    select
        pool.*,
        daily_asset.pool_share as share,
        daily_asset.* exclude (day, asset, miner_share, pool_share, known_from, known_to),
        coalesce(daily_asset.known_from, '-infinity'::timestamptz) as known_from,
        coalesce(daily_asset.known_to, 'infinity'::timestamptz) as known_to
    from pool
    left join daily_asset on pool.day = daily_asset.day and pool.asset = daily_asset.asset
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
        end as valued_quantity
    from received
    left join row_beyond_value
        on
            received.filing_key = row_beyond_value.filing_key
            and received.examination_no = row_beyond_value.examination_no
            and received.known_to = row_beyond_value.known_to
            and received.role = row_beyond_value.role
            and received.file = row_beyond_value.file
            and received.sheet = row_beyond_value.sheet
            and received.row = row_beyond_value.row
),

in_kinds as (
    select
        *,
        case when abs(valued_quantity) <= usual_quantity then valued_quantity end as usual,
        case when abs(valued_quantity) > usual_quantity then abs(valued_quantity) end as size
    from to_value
),

in_whole_units as (
    select
        *,
        trunc(size) as whole
    from in_kinds
),

in_fractions as (
    select
        *,
        (size - whole)::decimal(18, 18) as fraction
    from in_whole_units
),

in_billionths as (
    select
        *,
        fraction::decimal(18, 9) as nano_units
    from in_fractions
),

in_parts as (
    select
        *,
        round(nano_units::double * 1e9)::bigint as nano,
        round((fraction - nano_units)::decimal(18, 18)::double * 1e18)::bigint as atto
    from in_billionths
),

with_tail as (
    select
        *,
        (
            (
                (nano::hugeint * unit_price_low) * 1000000000
                + atto::hugeint * (unit_price_middle::hugeint * 1000000000 + unit_price_low)
            ) * 100
            + whole::hugeint * unit_price_rest
            + (nano::hugeint * 1000000000 + atto) * unit_price_rest // 1000000000000000000
            + 50000000000000000000::hugeint
            + 100000000000000000000000000000::hugeint
        ) // 100000000000000000000::hugeint - 1000000000 as tail
    from in_parts
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
    usual * unit_price_coarse as coarse,
    usual * unit_price_fine as fine,
    usual * unit_price_finest as finest,
    (
        whole * unit_price
        + nano::decimal(18, 0) * unit_price_e9
        + atto::decimal(18, 0) * unit_price_e18
        + tail::decimal(18, 0) * 0.00000000000000000001::decimal(20, 20)
    )::decimal(38, 20) * case when quantity < 0 then -1 else 1 end as unusual
from with_tail;
