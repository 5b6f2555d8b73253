-- One row per filing in force on a moment whose examination of then does not count any more: it was made again since.
create macro examined_again(reported_on) as table
    select
        in_force.registration_no,
        in_force.examination_no,
        examination.period
    from internal.in_force_at(reported_on, reported_on) as in_force
    inner join examination
        on
            in_force.filing_key = examination.filing_key
            and in_force.examination_no = examination.examination_no
    where not examination.is_latest;
