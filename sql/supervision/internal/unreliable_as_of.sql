-- One row per filing in force and rule of reliability that its examination found broken.
--
-- Severity error is a ground for a notice (para 10); a warning is listed in one and causes none. The day of detection
-- is that of the examination, the day itself where the examination came later (history), or the day after a waiver
-- ended. A warning that an officer, when asked, found to be a fault counts as an error from that day.
create macro internal.unreliable_as_of(today, known_on) as table
    with filings as (
        select
            filing_key,
            registration_no,
            pool_id,
            period,
            examination_no,
            least((decided_at at time zone 'Asia/Almaty')::date, today::date) as examined_on
        from filing_as_known_on(known_on)
        where status = 'accepted' and pool_id is not null and period is not null
    ),

    waived as (
        select
            filing_key,
            rule_id,
            max(waived_until) as waived_until
        from waiver
        where waived_at <= known_on::timestamptz
        group by filing_key, rule_id
    )

    select
        filings.registration_no,
        filings.pool_id,
        filings.period,
        examination_finding.rule_id,
        max(greatest(filings.examined_on, confirmed.confirmed_on, (waived.waived_until + interval 1 day)::date))
            as detected_on,
        coalesce(bool_or(waived.waived_until >= today::date), false) as is_waived,
        sum(examination_finding.occurrences)::bigint as occurrences
    from filings
    inner join internal.examination_finding
        on
            filings.registration_no = examination_finding.registration_no
            and filings.examination_no = examination_finding.examination_no
    left join waived
        on filings.filing_key = waived.filing_key and examination_finding.rule_id = waived.rule_id
    left join internal.confirmed_warning(known_on) as confirmed
        on
            filings.registration_no = confirmed.registration_no
            and examination_finding.rule_id = confirmed.rule_id
    where
        examination_finding.lane = 'reliability'
        and (examination_finding.severity = 'error' or confirmed.rule_id is not null)
    group by filings.registration_no, filings.pool_id, filings.period, examination_finding.rule_id;
