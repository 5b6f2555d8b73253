-- One row per call: what the rows of a taxpayer, year and role add up to, and what the figures say of the same.
--
-- Of one month of distribution (its first day) and one asset if given, else null.
create macro income_row_proof(taxpayer, of_year, of_role, of_month, of_asset) as table
    with traced as (
        select
            count(*) as row_count,
            coalesce(sum(value_kzt), 0)::decimal(38, 12) as value_kzt,
            coalesce(sum(quantity), 0)::decimal(38, 18) as quantity
        from trace_income(taxpayer, of_year)
        where
            role = of_role::varchar
            and (of_month::date is null or period = of_month::date)
            and (of_asset::varchar is null or coalesce(asset, '') = of_asset::varchar)
    ),

    figure as (
        select
            coalesce(sum(income_kzt), 0)::decimal(38, 12) as figure_kzt,
            coalesce(sum(quantity), 0)::decimal(38, 18) as figure_quantity
        from monthly_income
        where
            year = of_year::integer
            and role = of_role::varchar
            and taxpayer_id = taxpayer::varchar
            and (of_month::date is null or period = of_month::date)
            and (of_asset::varchar is null or coalesce(asset, '') = of_asset::varchar)
    )

    select
        traced.row_count,
        traced.value_kzt,
        traced.quantity,
        figure.figure_kzt,
        figure.figure_quantity
    from traced
    cross join figure;
