-- One row per day of registration of which filings wait to be handed over on a day, the earliest first; none while that
-- is switched off (paras 5, 7, 8; contradiction 20).
create macro day_not_handed_over(today) as table
    select
        arose_on as day,
        count(*) as filings,
        bool_or(state = 'overdue') as is_overdue
    from obligation_due_as_of(today, internal.last_moment())
    where kind = 'hand_over' and state in ('open', 'overdue')
    group by day
    order by day;
