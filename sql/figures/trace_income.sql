-- One row per distribution in force of a taxpayer and a year: the annual figure taken apart, down to the worksheet row.
create macro trace_income(taxpayer, of_year) as table
    select
        role,
        registration_no,
        file_sha256,
        sheet,
        row,
        distributed_on,
        asset,
        quantity,
        price,
        rate,
        value_kzt,
        currency,
        price_date,
        rate_date,
        pool_id,
        period,
        wallet,
        file,
        source
    from distribution_value
    where
        taxpayer_id = taxpayer::varchar
        and year = of_year::integer
    order by role, distributed_on, registration_no, file, sheet, row;
