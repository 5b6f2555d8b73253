-- One row per calendar day, asset and span of knowledge: what one unit received that day is worth, and which share of
-- it must be sold.
--
-- Filled when prices, rates or the law's tables change, so that a figure needs one equi-join and no search by date.
-- The rows in force are those with known_to = infinity; the others tell what earlier versions of prices and rates
-- said, see reference/daily_asset_due.sql.
-- unit_price = price x rate, exact. It is kept in the pieces that figures/distribution_addend.sql multiplies with: for
-- usual quantities its decimals 1 to 4, 5 to 10 and 11 to 16 (coarse, fine, finest); for others shifted by 9 and by
-- 18 decimals and cut at the 20th, the digits that the cuts leave (middle, low), and the decimals 21 to 40 (rest).
create table daily_asset (
    day date not null,
    asset varchar not null,
    price_date date,
    price decimal(38, 20),
    currency varchar,
    rate_date date,
    rate decimal(38, 20),
    largest_quantity decimal(38, 18),
    usual_quantity decimal(38, 18),
    unit_price_coarse decimal(22, 4),
    unit_price_fine decimal(6, 0),
    unit_price_finest decimal(6, 0),
    unit_price decimal(38, 20),
    unit_price_e9 decimal(38, 20),
    unit_price_e18 decimal(38, 20),
    unit_price_middle bigint,
    unit_price_low bigint,
    unit_price_rest hugeint,
    miner_share decimal(7, 6),
    pool_share decimal(7, 6),
    known_from timestamptz not null default '-infinity',
    known_to timestamptz not null default 'infinity'
);
