-- One row per distribution in force, by the filings received until a moment.
create macro distribution_as_known_on(known_on) as table
    with in_force as (
        select filing_key from internal.in_force_as_known_on(known_on)
    )

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
        reward_asset,
        reward_quantity,
        taxpayer_id_state,
        row_no,
        file,
        source
    from internal.distribution_row
    where filing_key in (select filing_key from in_force);
