-- One row per filing of quality_filing with the number of its findings, and whether the rule of_rule is among them.
create macro quality_filing_faults(first_month, last_month, of_pool, known_on, of_day, of_rule) as table
    with found as (
        select
            registration_no,
            sum(occurrences)::bigint as findings,
            bool_or(rule_id = of_rule::varchar) as has_rule
        from internal.finding_before(of_day)
        group by registration_no
    )

    select
        filed.*,
        found.registration_no is not null as is_faulty,
        coalesce(found.findings, 0) as findings,
        coalesce(found.has_rule, false) as has_rule
    from quality_filing(first_month, last_month, of_pool, known_on) as filed
    left join found on filed.registration_no = found.registration_no;
