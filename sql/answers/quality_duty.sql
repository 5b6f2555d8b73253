-- One row per duty of the office that filings of quality_filing and silent months give rise to (paras 5 to 10).
--
-- Judged as of a day (null: that of the warehouse) by what was known on a moment. grounds: of a notice, why it was
-- drafted. working_days: from the day it arose, which is day 0, to the day it was done.
create macro quality_duty(first_month, last_month, of_pool, known_on, of_day) as table
    with worked as (
        select
            day,
            count(*) filter (where working) over (order by day) as working_days
        from calendar_day
    )

    select
        due.obligation,
        due.kind,
        due.paragraph,
        coalesce(filed.month, due.period) as month,
        due.pool_id,
        due.registration_no,
        due.letter_no,
        due.arose_on,
        due.due_on,
        due.done_on,
        due.state,
        coalesce(notice.reasons::varchar[], []) as grounds,
        done.working_days - arose.working_days as working_days
    from
        obligation_due_as_of(coalesce(of_day::date, (select as_of from build)), known_on::timestamptz) as due
    left join quality_filing(first_month, last_month, of_pool, known_on) as filed
        on due.registration_no = filed.registration_no
    left join notice on due.letter_no = notice.letter_no
    left join worked as arose on due.arose_on = arose.day
    left join worked as done on due.done_on = done.day
    where
        filed.registration_no is not null
        or (
            due.registration_no is null
            and due.period between first_month::date and last_month::date
            and (of_pool::varchar is null or due.pool_id = of_pool::varchar)
        );
