-- One row per distribution and role of the work list that is left without a value, because its filing is worth too much
-- to be true.
--
-- The largest ones are left out until what remains is below 10^15 tenge in all; of equal ones all or none. So one
-- absurd row takes nothing from the others. Each counts in whole tenge, cut off.
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
-- To be asked while row_beyond_value holds nothing of these filings.
create macro internal.row_beyond_value_due(first_key, last_key) as table
    with valued as (
        select
            filing_key,
            examination_no,
            known_to,
            role,
            file,
            sheet,
            row,
            floor(abs(value_kzt))::decimal(38, 0) as tenge
        from internal.row_value
        where
            filing_key between first_key and last_key
            and filing_key in (select filing_key from internal.filing_beyond_value(first_key, last_key))
            and valued_quantity is not null
    ),

    up_to_this_one as (
        select
            *,
            sum(tenge) over (
                partition by filing_key, examination_no, known_to
                order by tenge
                range between unbounded preceding and current row
            ) as tenge_so_far
        from valued
    )

    select * exclude (tenge, tenge_so_far)
    from up_to_this_one
    where tenge_so_far >= 1000000000000000;
