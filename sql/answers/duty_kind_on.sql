-- One row per kind of thing that an officer must do, in the order of the law's table: how many are not done on a day.
-- Handing over is one only while the office has switched it on.
create macro duty_kind_on(today) as table
    with waiting as (
        select
            kind,
            count(*) as count,
            count(*) filter (where due_on < today::date) as overdue,
            count(*) filter (where due_on = today::date) as due_today,
            count(*) filter (where due_on > today::date) as later,
            min(due_on) as earliest
        from obligation_due_as_of(today, internal.last_moment())
        where state in ('open', 'overdue')
        group by kind
    )

    select
        kinds.kind,
        kinds.paragraph,
        { 'kk': kinds.text_kk, 'ru': kinds.text_ru, 'en': kinds.text_en } as words,
        coalesce(waiting.count, 0) as count,
        coalesce(waiting.overdue, 0) as overdue,
        coalesce(waiting.due_today, 0) as due_today,
        coalesce(waiting.later, 0) as later,
        waiting.earliest
    from obligation_kind as kinds
    left join waiting on kinds.kind = waiting.kind
    where kinds.kind <> 'hand_over' or exists (from internal.handover_required_as_of(internal.last_moment()))
    order by kinds.rowid;
