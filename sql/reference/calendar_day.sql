-- One row per calendar day; which days are worked moves deadlines (paras 5, 6, 8, 10) and prices.
create table calendar_day (
    day date primary key,
    working boolean not null,
    reason varchar not null,
    source varchar not null,
    price_date date not null
);
