-- One row per registered filing as known on a moment: what of it the rules across filings go by.
create macro internal.known_verdict(known_on) as table
    select
        filing.registration_no,
        filing.examination_no,
        filing.verdict,
        filing.kind,
        filing.due_effective_on,
        in_force.registration_no is not null as is_in_force
    from filing_as_known_on(known_on) as filing
    left join internal.in_force_as_known_on(known_on) as in_force
        on filing.registration_no = in_force.registration_no;
