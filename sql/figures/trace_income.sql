-- One row per distribution in force of a taxpayer and a year: the annual figure taken apart, down to the worksheet row.
--
-- The condition on distributed_on follows from the one on the year. By it rows of other years are not even read.
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
        and (
            distributed_on between make_date(of_year::integer, 1, 1) and make_date(of_year::integer, 12, 31)
            or distributed_on is null
        )
    order by role, distributed_on, registration_no, file, sheet, row;
