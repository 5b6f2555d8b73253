-- One row per calendar day; which days are worked moves deadlines (paras 5, 6, 8, 10) and prices.
--
-- examine_by, notice_by and correction_due_on end the terms of an event of the day, so that SQL counts no days itself.
create table calendar_day (
    day date primary key,
    working boolean not null,
    reason varchar not null,
    source varchar not null,
    price_date date not null,
    examine_by date not null,
    notice_by date not null,
    correction_due_on date not null
);
