-- One row per asset and reason for which filings in force lack a price or rate in a year, with the days in question.
create macro income_gap(of_year) as table
    with bounds as (
        select
            make_date(of_year::integer, 1, 1) as first,
            make_date(of_year::integer, 12, 31) as last
    )

    select
        gap.asset,
        gap.reason,
        greatest(min(gap.first_day), bounds.first) as first_day,
        least(max(gap.last_day), bounds.last) as last_day
    from reference_gap as gap
    inner join bounds on gap.first_day <= bounds.last and gap.last_day >= bounds.first
    group by gap.asset, gap.reason, bounds.first, bounds.last;
