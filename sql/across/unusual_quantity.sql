-- One row per filing in force and asset with at least 6 earlier months: how far its quantity is from them (R-79).
--
-- A month's quantity is held against the pool's own months of the two years before it. The distance is the robust z of
-- the logarithms: 0.6745 x |ln quantity - median| / MAD, in which one odd month of the past weighs little. The MAD
-- counts as at least 0.1: even a pool whose months were all alike may halve or double, as at a halving of the
-- network's reward, and stay below a distance of 6. Exact decimals are shown; DOUBLE is used for the distance only.
with in_force as (
    select
        filing_key,
        registration_no,
        pool_id,
        period
    from internal.in_force_as_known_on(getvariable('known_on'))
    where pool_id is not null and period is not null
),

filed as (
    select
        filing_key,
        asset,
        sum(quantity) as quantity
    from internal.distribution_row
    where asset is not null and internal.counted_quantity(quantity) is not null
    group by filing_key, asset
),

monthly as materialized (
    select
        in_force.registration_no,
        in_force.pool_id,
        in_force.period,
        filed.asset,
        filed.quantity::decimal(38, 18) as quantity,
        ln(filed.quantity::double) as logarithm
    from filed
    inner join in_force on filed.filing_key = in_force.filing_key
    where filed.quantity > 0
),

history as (
    select
        monthly.registration_no,
        monthly.asset,
        monthly.quantity,
        monthly.logarithm,
        median(earlier.quantity) as median_quantity,
        median(earlier.logarithm) as median_logarithm,
        mad(earlier.logarithm) as mad_logarithm
    from monthly
    inner join monthly as earlier
        on
            monthly.pool_id = earlier.pool_id
            and monthly.asset = earlier.asset
            and monthly.period > earlier.period
            and monthly.period <= earlier.period + interval 24 month
    group by monthly.registration_no, monthly.asset, monthly.quantity, monthly.logarithm
    having count(*) >= 6
)

select
    registration_no,
    asset as subject,
    'unreliable' as ground,
    0.6745 * abs(logarithm - median_logarithm) / greatest(mad_logarithm, 0.1) as quantity_distance,
    rtrim(rtrim(quantity::varchar, '0'), '.') || ' ' || asset
    || case when quantity < median_quantity then ' (÷ ' else ' (× ' end
    || format('{:.2f}', exp(abs(logarithm - ln(median_quantity::double)))) || ')' as found,
    rtrim(rtrim(median_quantity::varchar, '0'), '.') || ' ' || asset as expected
from history
order by registration_no, asset;
