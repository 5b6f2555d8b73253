-- One row per local day and kind of thing on it after which supervision may find what it could not find before.
--
-- kind: known (an arrival, an examination, an event, the end of a waiver or of a month's term), refused (a refusal was
-- sent, from which the term for filing again runs).
create macro internal.day_of_news() as table
    select
        'known' as kind,
        (received_at at time zone 'Asia/Almaty')::date as day
    from internal.registered
    union
    select
        'known' as kind,
        (examined_at at time zone 'Asia/Almaty')::date as day
    from examination
    union
    select
        'known' as kind,
        (happened_at at time zone 'Asia/Almaty')::date as day
    from event
    union
    select
        'known' as kind,
        waived_until as day
    from waiver
    union
    select
        'known' as kind,
        due_effective_on as day
    from period_due_date
    union
    select
        'refused' as kind,
        registered_on as day
    from filing
    where examined_verdict = 'refused'
    union
    select
        'refused' as kind,
        sent_on as day
    from dispatch
    where letter_kind = 'refusal';
