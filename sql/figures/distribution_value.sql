-- One row per distribution in force and role, with its value in tenge at the prices and rates in force (para 3).
--
-- For the pool taxpayer_id is the pool itself, asset and quantity are its reward. period is the month of the day of
-- distribution; valued_quantity and value_kzt are empty for what has no value.
create view distribution_value as
select
    registration_no,
    file_sha256,
    sheet,
    row,
    pool_id,
    period,
    taxpayer_id,
    taxpayer_name,
    licence_no,
    licence_date,
    wallet,
    distributed_on,
    asset,
    quantity,
    role,
    price_date,
    price,
    currency,
    rate_date,
    rate,
    value_kzt,
    valued_quantity,
    share,
    year,
    day,
    taxpayer_id_state,
    file,
    filing_key,
    source
from internal.row_value
where
    is_latest
    and known_to = internal.last_moment()
    and filing_key in (select filing_key from internal.in_force_as_known_on(internal.last_moment()));
