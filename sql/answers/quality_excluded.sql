-- One row per quantity of the filings in force on a moment that is left out of the figures, for the months of
-- quality_filing.
create macro quality_excluded(first_month, last_month, of_pool, known_on) as table
    select
        filed.filing_key,
        filed.registration_no,
        filed.month,
        filed.pool_id,
        unreadable_quantity.file,
        unreadable_quantity.sheet,
        unreadable_quantity.row,
        unreadable_quantity.column_no,
        unreadable_quantity.found,
        unreadable_quantity.reason,
        unreadable_quantity.asset
    from internal.unreadable_quantity
    inner join internal.in_force_as_known_on(known_on::timestamptz) as in_force
        on unreadable_quantity.filing_key = in_force.filing_key
    inner join quality_filing(first_month, last_month, of_pool, known_on) as filed
        on unreadable_quantity.registration_no = filed.registration_no;
