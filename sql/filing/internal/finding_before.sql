-- One row per fault of the latest examinations, and per fault across filings detected before a day (null: all of them).
create macro internal.finding_before(of_day) as table
    select
        registration_no,
        rule_id,
        lane,
        severity,
        file,
        sheet,
        row,
        column_no,
        found,
        expected,
        occurrences
    from internal.examination_finding
    union all
    select
        registration_no,
        rule_id,
        lane,
        severity,
        file,
        sheet,
        row,
        column_no,
        found,
        expected,
        occurrences
    from internal.across_finding
    where of_day::date is null or detected_on < of_day::date;
