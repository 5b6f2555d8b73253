-- One row per distribution and role, all filings as last examined, with its value in tenge at the prices and rates in
-- force.
--
-- A figure is rounded once, at the 20th decimal of the sum over a part (figures/income_part.sql). So that the values
-- of a part add up to it exactly, a distribution's value is what it adds to the rounded sum of those before it: exact
-- where the product has no more than 20 decimals, else within one unit of the 20th.
create view distribution_value as
with running as (
    select
        *,
        sum(coarse) over in_part as coarse_sum,
        sum(fine) over in_part as fine_sum,
        sum(finest) over in_part as finest_sum,
        sum(unusual) over in_part as unusual_sum
    from distribution_addend
    where is_latest and known_to = 'infinity'::timestamptz
    window
        in_part as (
            partition by filing_key, year, period, role, taxpayer_id, asset, share, known_from
            order by file, sheet, row
            rows between unbounded preceding and current row
        )
),

summed as (
    select
        *,
        income_of(coarse_sum, fine_sum, finest_sum, unusual_sum) as income_so_far
    from running
)

select
    role,
    filing_key,
    registration_no,
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
    year,
    period,
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
        when valued_quantity is not null
            then
                income_so_far - lag(income_so_far, 1, 0::decimal(38, 20)) over (
                    partition by filing_key, year, period, role, taxpayer_id, asset, share, known_from
                    order by file, sheet, row
                )
    end::decimal(38, 20) as value_kzt
from summed;
