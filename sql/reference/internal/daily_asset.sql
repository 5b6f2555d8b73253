-- One row per calendar day, asset and span of knowledge: what one unit received that day is worth, and which share of
-- it must be sold.
--
-- Filled when prices, rates or the law's tables change, so that a figure needs one equi-join and no search by date.
-- The unit price in tenge stands beside price and rate, short where it can be and taken apart, once for all quantities
-- that it values (figures/internal/row_value.sql).
-- The rows in force are those with known_to = last_moment(); the others are what earlier versions of prices and rates
-- said, see reference/internal/daily_asset_due.sql.
create table internal.daily_asset (
    day date not null,
    asset varchar not null,
    price_date date,
    price decimal(38, 12),
    currency varchar,
    rate_date date,
    rate decimal(38, 6),
    short_price decimal(18, 4),
    price_units bigint,
    price_billionths bigint,
    price_rest bigint,
    largest_quantity decimal(38, 18),
    miner_share decimal(7, 6),
    pool_share decimal(7, 6),
    known_from timestamptz not null,
    known_to timestamptz not null
);
