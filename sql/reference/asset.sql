-- One row per digital asset and span of days: its class and smallest unit (para 11).
create table asset (
    ticker varchar not null,
    asset_class varchar not null,
    decimals integer not null,
    valid_from date not null,
    valid_to date,
    source varchar not null
);
