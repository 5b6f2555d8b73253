-- One row per day, currency and span of time in which the accepted version of exchange rates held the same rate.
create table exchange_rate_history (
    date date not null,
    currency varchar not null,
    kzt_per_unit decimal(38, 6) not null,
    known_from timestamptz not null,
    known_to timestamptz not null
);
