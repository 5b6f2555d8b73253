-- One row per role and taxpayer with figures: the latest name and the years, of_year alone if it is not null.
create macro taxpayer_years(of_year) as table
    select
        role,
        taxpayer_id,
        arg_max(taxpayer_name, year) as taxpayer_name,
        list(distinct year order by year) as years
    from annual_income
    where
        year is not null
        and taxpayer_id is not null
        and (of_year::integer is null or year = of_year::integer)
    group by role, taxpayer_id;
