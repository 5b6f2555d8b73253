-- One row per role and filing in force that brings rows to a taxpayer's figure of a year; income_kzt adds up to it.
create macro income_filing(taxpayer, of_year) as table
    with traced as (
        select
            role,
            registration_no,
            count(*) as row_count,
            coalesce(sum(value_kzt), 0)::decimal(38, 12) as income_kzt
        from trace_income(taxpayer, of_year)
        group by role, registration_no
    )

    select
        traced.role,
        traced.registration_no,
        filing.pool_id,
        filing.pool_name,
        filing.period,
        filing.received_at,
        filing.kind,
        filing.is_transcribed,
        traced.row_count,
        traced.income_kzt
    from traced
    inner join filing on traced.registration_no = filing.registration_no;
