-- One row per thing that an officer still must do on a day, by what the warehouse knows; words by language.
create macro open_duty_on(today) as table
    select
        due.obligation,
        due.kind,
        { 'kk': due.text_kk, 'ru': due.text_ru, 'en': due.text_en } as words,
        due.pool_id,
        known_pool.pool_name,
        due.period,
        due.registration_no,
        due.letter_no,
        due.arose_on,
        due.due_on,
        due.days_over
    from obligation_due_as_of(today, internal.last_moment()) as due
    left join known_pool() as known_pool on due.pool_id = known_pool.pool_id
    where due.state in ('open', 'overdue');
