-- One row per accepted filing, month, role, taxpayer, asset and share: the part it brings to every figure.
--
-- Written once when a filing is accepted and again only if a price, a rate or the verdict changes; the figures add up
-- the parts of the filings in force, so a correction or a question about an earlier day touches nothing here.
create table income_part (
    filing_key bigint not null,
    year integer,
    period date,
    role varchar not null,
    taxpayer_id varchar,
    asset varchar,
    share decimal(7, 6),
    taxpayer_name varchar,
    named_on bigint,
    taxpayer_id_state varchar,
    row_count bigint not null,
    quantity decimal(38, 18) not null,
    valued_quantity decimal(38, 18) not null,
    unvalued_quantity decimal(38, 18) not null,
    income_kzt decimal(38, 20) not null
);
