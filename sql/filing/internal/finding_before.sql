-- One row per fault of the latest examinations, and per fault across filings detected before a day (null: all of them).
create macro internal.finding_before(of_day) as table
    select *
    from finding
    where of_day::date is null or examination_no is not null or detected_on < of_day::date;
