-- One row per fault found across filings in a filing that does not hold any more, with the moment since when.
create macro withdrawn_finding(number) as table
    with detected as (
        select
            event,
            happened_at,
            data,
            data ->> '$.key' as finding_key
        from event
        where registration_no = number::varchar and event in ('finding_detected', 'finding_withdrawn')
    ),

    latest as (
        select
            finding_key,
            arg_max(data, happened_at) filter (where event = 'finding_detected') as data,
            max(happened_at) as withdrawn_at,
            min((data ->> '$.detected_on')::date) as detected_on
        from detected
        group by finding_key
        having arg_max(event, happened_at) = 'finding_withdrawn' and bool_or(event = 'finding_detected')
    )

    select
        data ->> '$.rule_id' as rule_id,
        data ->> '$.lane' as lane,
        data ->> '$.severity' as severity,
        data ->> '$.file' as file,
        data ->> '$.sheet' as sheet,
        (data ->> '$.row')::integer as row,
        data ->> '$.column_no' as column_no,
        data ->> '$.found' as found,
        null::varchar as found_detail,
        data ->> '$.expected' as expected,
        data ->> '$.message_kk' as message_kk,
        data ->> '$.message_ru' as message_ru,
        data ->> '$.message_en' as message_en,
        (data ->> '$.occurrences')::integer as occurrences,
        null::integer as examination_no,
        detected_on,
        withdrawn_at
    from latest;
