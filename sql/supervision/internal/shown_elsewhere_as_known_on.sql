-- One row per pool and month of which rows are in a filing in force for another month, as known on a moment.
create macro internal.shown_elsewhere_as_known_on(known_on) as table
    select distinct
        in_force.pool_id,
        income_part.period
    from internal.income_part
    inner join internal.in_force_as_known_on(known_on) as in_force on income_part.filing_key = in_force.filing_key
    where income_part.period <> in_force.period;
