-- One row per taxpayer among the first of_each of a year and role by income.
create macro highest_income(of_each) as table
    select *
    from annual_income_total
    qualify row_number() over (partition by year, role order by income_kzt desc, taxpayer_id asc) <= of_each
    order by year asc, role asc, income_kzt desc, taxpayer_id asc;
