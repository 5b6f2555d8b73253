-- One row per filing in force on a moment that has rows in a year: what is behind an annual statement of that day.
--
-- faults: findings of reliability in all its rows and months; earlier as in unreliable_as_reported_on.
create macro statement_filing(of_year, reported_on, earlier) as table
    with of_the_year as (
        select distinct registration_no
        from quantity_as_reported_on(reported_on)
        where year(day) = of_year::integer
    ),

    unreliable as (
        select
            registration_no,
            sum(occurrences)::bigint as faults
        from internal.unreliable_as_reported_on(reported_on, earlier)
        group by registration_no
    )

    select
        in_force.filing_key,
        in_force.registration_no,
        in_force.pool_id,
        in_force.pool_name,
        in_force.period,
        in_force.received_at,
        filing.kind,
        filing.replaces,
        filing.is_transcribed,
        in_force.examination_no,
        examination.ruleset,
        coalesce(unreliable.faults, 0) as faults
    from internal.in_force_at(reported_on, reported_on) as in_force
    inner join of_the_year on in_force.registration_no = of_the_year.registration_no
    inner join filing_as_known_on(reported_on) as filing on in_force.filing_key = filing.filing_key
    inner join examination
        on
            in_force.filing_key = examination.filing_key
            and in_force.examination_no = examination.examination_no
    left join unreliable on in_force.registration_no = unreliable.registration_no;
