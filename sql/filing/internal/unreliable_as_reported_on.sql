-- One row per finding of reliability in the filings in force on a moment, as it had been found by then (para 10).
--
-- The warehouse holds the findings of the latest examinations. Those of examinations that were made again since are in
-- the lake: earlier gives them, a list of structs, or is [].
create macro internal.unreliable_as_reported_on(reported_on, earlier) as table
    with in_force as (
        select * from internal.in_force_at(reported_on, reported_on)
    ),

    earlier_finding as (
        select
            unnest(
                earlier::struct(
                    registration_no varchar,
                    examination_no integer,
                    rule_id varchar,
                    lane varchar,
                    severity varchar,
                    file varchar,
                    sheet varchar,
                    row integer,
                    column_no varchar,
                    occurrences integer
                )[],
                recursive := true
            )
    ),

    examined as (
        select
            registration_no,
            examination_no,
            rule_id,
            lane,
            severity,
            file,
            sheet,
            row,
            column_no,
            occurrences
        from internal.examination_finding
        union all by name
        select * from earlier_finding
    ),

    across as (
        select
            registration_no,
            data ->> '$.key' as finding_key,
            arg_max(event, happened_at) as event,
            arg_max(data, happened_at) as data
        from event
        where event in ('finding_detected', 'finding_withdrawn') and happened_at <= reported_on::timestamptz
        group by registration_no, finding_key
    ),

    known as (
        select examined.* exclude (examination_no)
        from examined
        inner join in_force
            on
                examined.registration_no = in_force.registration_no
                and examined.examination_no = in_force.examination_no
        union all
        select
            across.registration_no,
            across.data ->> '$.rule_id' as rule_id,
            across.data ->> '$.lane' as lane,
            across.data ->> '$.severity' as severity,
            across.data ->> '$.file' as file,
            across.data ->> '$.sheet' as sheet,
            (across.data ->> '$.row')::integer as row,
            across.data ->> '$.column_no' as column_no,
            (across.data ->> '$.occurrences')::integer as occurrences
        from across
        inner join in_force on across.registration_no = in_force.registration_no
        where across.event = 'finding_detected'
    )

    select
        row_number() over () as finding_no,
        registration_no,
        rule_id,
        severity,
        file,
        sheet,
        row,
        column_no,
        occurrences
    from known
    where lane = 'reliability';
