-- One row per day and asset: the published weighted-average price, with the decimals it was published with.
create table price (
    date date not null,
    asset varchar not null,
    price decimal(38, 12) not null,
    currency varchar not null,
    source varchar
);
