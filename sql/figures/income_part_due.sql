-- One row per filing of the work list, month, role, taxpayer, asset and share.
--
-- The name is that of the latest distribution: named_on packs its day, row and sheet into one number to sort by.
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro income_part_due(first_key, last_key) as table
    with rows_due as (
        select
            *,
            (date_diff('day', date '1900-01-01', day) * 2097152 + row) * 1048576
            + (hash(file_sha256, sheet) % 1048576)::bigint as named_on
        from distribution_addend
        where
            filing_key between first_key and last_key
            and filing_key in (select filing_key from filing_to_value)
    )

    select
        filing_key,
        year,
        period,
        role,
        taxpayer_id,
        asset,
        share,
        arg_max(taxpayer_name, named_on) as taxpayer_name,
        max(named_on) as named_on,
        max(taxpayer_id_state) as taxpayer_id_state,
        count(*) as row_count,
        sum(quantity)::decimal(38, 18) as quantity,
        coalesce(sum(valued_quantity), 0)::decimal(38, 18) as valued_quantity,
        (sum(quantity) - coalesce(sum(valued_quantity), 0))::decimal(38, 18) as unvalued_quantity,
        income_of(sum(coarse), sum(fine), sum(finest), sum(unusual)) as income_kzt
    from rows_due
    group by filing_key, year, period, role, taxpayer_id, asset, share;
