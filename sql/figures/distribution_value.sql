-- One row per distribution in force and role, with its value in tenge at the prices and rates in force (para 3).
create view distribution_value as
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
    value_kzt
from row_value
where
    is_latest
    and known_to = 'infinity'::timestamptz
    and filing_key in (select filing_key from in_force_as_known_on('infinity'::timestamptz));
