-- One row per fault among the first of_each of its rule in the filings of quality_filing, in order of filing and place.
create macro quality_place(first_month, last_month, of_pool, known_on, of_day, of_each) as table
    select
        rule_id,
        registration_no,
        row,
        column_no
    from quality_finding(first_month, last_month, of_pool, known_on, of_day)
    qualify
        row_number() over (
            partition by rule_id
            order by filing_key, file, sheet, row, column_no, found
        ) <= of_each
    order by rule_id, filing_key, file, sheet, row, column_no;
