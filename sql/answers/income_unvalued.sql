-- One row per role, asset and reason for which units of a taxpayer and a year have no value; see income_row.
create macro income_unvalued(taxpayer, of_year) as table
    select
        role,
        asset,
        reason,
        sum(quantity)::decimal(38, 18) as quantity,
        count(*) as row_count,
        min(distributed_on) as first_day,
        max(distributed_on) as last_day
    from income_row(taxpayer, of_year)
    where value_kzt is null and quantity <> 0
    group by role, asset, reason;
