-- One row per event of archive and journal: what people and programs did, appended and never changed.
--
-- Files of the archive's events/ belong to a filing; those of journal/ to a pool and period.
create table event (
    event_id varchar primary key,
    filing_key bigint,
    registration_no varchar,
    pool_id varchar,
    period date,
    event varchar not null,
    happened_at timestamptz not null,
    author varchar not null,
    letter_no varchar,
    data json not null
);
