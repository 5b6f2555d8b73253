-- One row per asset of a taxpayer, year and role: its figures as reported on a moment, and those of now; 0 for none.
create macro income_compared(taxpayer, of_year, of_role, reported_on) as table
    with earlier as (
        select
            asset,
            quantity,
            unvalued_quantity,
            income_kzt
        from annual_income_as_reported_on(reported_on)
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
    ),

    present as (
        select
            asset,
            quantity,
            unvalued_quantity,
            income_kzt
        from annual_income
        where year = of_year::integer and role = of_role::varchar and taxpayer_id = taxpayer::varchar
    )

    select
        coalesce(present.asset, earlier.asset, '') as asset,
        coalesce(earlier.income_kzt, 0)::decimal(38, 12) as then_kzt,
        coalesce(present.income_kzt, 0)::decimal(38, 12) as now_kzt,
        coalesce(earlier.quantity, 0)::decimal(38, 18) as then_quantity,
        coalesce(present.quantity, 0)::decimal(38, 18) as now_quantity,
        coalesce(earlier.unvalued_quantity, 0)::decimal(38, 18) as then_unvalued,
        coalesce(present.unvalued_quantity, 0)::decimal(38, 18) as now_unvalued
    from present
    full join earlier on present.asset is not distinct from earlier.asset;
