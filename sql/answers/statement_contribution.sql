-- One row per filing, role and taxpayer: what the filing brings to the income of a year as reported on a moment, exact.
create macro statement_contribution(of_year, reported_on) as table
    select
        in_force.registration_no,
        part.role,
        part.taxpayer_id,
        sum(part.income_kzt)::decimal(38, 12) as income_kzt
    from internal.income_part_at(reported_on, reported_on) as part
    inner join
        internal.in_force_at(reported_on, reported_on) as in_force
        on part.named_by.filing_key = in_force.filing_key
    where part.year = of_year::integer
    group by in_force.registration_no, part.role, part.taxpayer_id;
