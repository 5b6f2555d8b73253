-- One row per registered filing with a pool and a period, as known on a moment, with the day from which it had to be
-- filed again if it was refused.
--
-- refused_on: local day of the refusal's dispatch, of the arrival for history; null without a refusal that was sent.
create macro internal.known_filing(known_on) as table
    with sent as (
        select
            letter_no,
            min(sent_on) as sent_on
        from dispatch
        where recorded_at <= known_on::timestamptz
        group by letter_no
    )

    select
        filing.filing_key,
        filing.registration_no,
        filing.pool_id,
        filing.period,
        filing.status,
        filing.kind,
        filing.verdict,
        case when filing.is_history then filing.registered_on else sent.sent_on end as refused_on,
        filing.change_date,
        filing.received_at
    from filing_as_known_on(known_on) as filing
    left join sent on filing.registration_no || '/R-1' = sent.letter_no
    where filing.pool_id is not null and filing.period is not null;
