-- One row per exchange that held an AIFC licence on a day of a year.
create macro exchange_of_year(of_year) as table
    select *
    from exchange
    where year(valid_from) <= of_year::integer and coalesce(year(valid_to), 9999) >= of_year::integer;
