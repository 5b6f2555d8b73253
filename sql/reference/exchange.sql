-- One row per exchange and span of days of its AIFC licence: where the share is to be sold (para 11).
create table exchange (
    name varchar not null,
    licence_no varchar not null,
    valid_from date not null,
    valid_to date
);
