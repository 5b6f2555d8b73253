-- One row per day, asset and span of time in which the accepted version of prices held the same price.
create table price_history (
    date date not null,
    asset varchar not null,
    price decimal(38, 12) not null,
    currency varchar not null,
    known_from timestamptz not null,
    known_to timestamptz not null
);
