-- One row per finding among the first of_each of its rule in a filing, in order of rule and place.
create macro filing_first_finding(number, of_each) as table
    select *
    from finding
    where registration_no = number::varchar
    qualify row_number() over (partition by rule_id order by file, sheet, row, column_no, found) <= of_each
    order by rule_id, file, sheet, row, column_no, found;
