-- One row per asset and span of days for which an official price is published (facts on valuation, rule 4).
create table price_list (
    ticker varchar not null,
    valid_from date not null,
    valid_to date,
    source varchar not null
);
