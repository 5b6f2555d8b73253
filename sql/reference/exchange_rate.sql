-- One row per day and currency: the National Bank's rate.
create table exchange_rate (
    date date not null,
    currency varchar not null,
    kzt_per_unit decimal(38, 6) not null,
    source varchar
);
