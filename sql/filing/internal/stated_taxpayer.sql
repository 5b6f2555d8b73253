-- One row per filing and what its rows in distribution_row state together of a taxpayer: number, name, licence, wallet.
--
-- A pool states the same of a taxpayer in row after row: what compares filings reads this instead of all rows.
create table internal.stated_taxpayer (
    filing_key bigint not null,
    taxpayer_id varchar,
    taxpayer_id_state varchar,
    taxpayer_name varchar,
    licence_no varchar,
    licence_date date,
    wallet varchar,
    first_on date,
    last_on date,
    file varchar,
    sheet varchar,
    row integer,
    row_count bigint not null
);
