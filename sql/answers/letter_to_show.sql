-- One row per letter that is to be sent as of a day (paras 8 and 10), is approved and not sent, or was sent lately.
create macro letter_to_show(today, since) as table
    select letter_no from open_duty_on(today)
    where letter_no is not null
    union
    select letter_no from approved_letter_on(today)
    union
    select letter_no from dispatch
    where sent_on >= since::date;
