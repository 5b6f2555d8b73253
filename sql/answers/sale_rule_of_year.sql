-- One row per share that holds for a role on days of a year; confirmed_by is null while nobody confirmed the reading:
-- the share is then by a secondary source.
create macro sale_rule_of_year(of_year) as table
    select * replace (nullif(confirmed_by, '') as confirmed_by)
    from sale_rule
    where year(valid_from) <= of_year::integer and coalesce(year(valid_to), 9999) >= of_year::integer;
