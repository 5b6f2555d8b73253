-- One row per filing and question that findings of the rules of question_kind raise, as a day sees it by what was known
-- at a moment (para 10). Lifted: the findings are gone, or a later version of the month took the filing's place.
create macro internal.question_of_rule(today, known_on) as table
    with raised_by as (
        select
            kind,
            unnest(string_split(rules, ' ')) as rule_id
        from question_kind
        where rules <> ''
    ),

    filings as (
        select
            registration_no,
            filing_key,
            pool_id,
            period,
            examination_no,
            status,
            received_at,
            registered_on,
            least((decided_at at time zone 'Asia/Almaty')::date, today::date) as examined_on
        from filing_as_known_on(known_on)
        where status in ('accepted', 'superseded') and pool_id is not null and period is not null
    ),

    replaced as (
        select
            filings.registration_no,
            min(later.registered_on) as replaced_on
        from filings
        inner join filings as later
            on
                filings.pool_id = later.pool_id
                and filings.period = later.period
                and (later.received_at, later.filing_key) > (filings.received_at, filings.filing_key)
        group by filings.registration_no
    ),

    of_filing as (
        select
            filings.registration_no,
            raised_by.kind,
            filings.examined_on as detected_on,
            null::date as gone_on
        from filings
        inner join internal.examination_finding
            on
                filings.registration_no = examination_finding.registration_no
                and filings.examination_no = examination_finding.examination_no
        inner join raised_by on examination_finding.rule_id = raised_by.rule_id
    ),

    detected as (
        select
            registration_no,
            data ->> '$.key' as key,
            max(data ->> '$.rule_id') as rule_id,
            min((data ->> '$.detected_on')::date) as detected_on,
            arg_max(event, (happened_at, event_id)) as last_event,
            (max(happened_at) at time zone 'Asia/Almaty')::date as last_on
        from event
        where event in ('finding_detected', 'finding_withdrawn') and happened_at <= known_on::timestamptz
        group by registration_no, key
    ),

    across as (
        select
            filings.registration_no,
            raised_by.kind,
            detected.detected_on,
            case when detected.last_event = 'finding_withdrawn' then detected.last_on end as gone_on
        from detected
        inner join raised_by on detected.rule_id = raised_by.rule_id
        inner join filings on detected.registration_no = filings.registration_no
    ),

    raised as (
        select
            registration_no,
            kind,
            min(detected_on) as arose_on,
            case when count(*) = count(gone_on) then max(gone_on) end as gone_on
        from (
            select * from of_filing
            union all
            select * from across
        ) as found
        group by registration_no, kind
    )

    select
        raised.kind,
        raised.registration_no,
        filings.pool_id,
        filings.period,
        raised.arose_on,
        calendar_day.notice_by as due_on,
        coalesce(raised.gone_on, case when filings.status = 'superseded' then replaced.replaced_on end) as lifted_on
    from raised
    inner join filings on raised.registration_no = filings.registration_no
    inner join calendar_day on raised.arose_on = calendar_day.day
    left join replaced on raised.registration_no = replaced.registration_no;
