-- One row per examination of a registered filing (para 8); the latest one counts.
--
-- verdict is what the examination said, empty while the filing waits for an officer's answer to its question (para 8);
-- the examination with the answer has a verdict and the answer. accepted_from is empty unless the filing counts as
-- accepted: from its arrival, or from the moment at which an officer overruled its refusal. rows_lost: of an earlier
-- examination whose Parquet file can no longer be read, so that the figures as reported lack it.
create table examination (
    registration_no varchar not null,
    filing_key bigint not null,
    examination_no integer not null,
    is_latest boolean not null,
    examined_at timestamptz not null,
    verdict varchar,
    pool_id varchar,
    pool_id_source varchar,
    pool_name varchar,
    period date,
    period_source varchar,
    row_count integer not null,
    excluded_count integer not null,
    sheets_stated integer,
    form_version varchar,
    ruleset varchar not null,
    code_version varchar not null,
    accepted_from timestamptz,
    rows_lost boolean not null default false,
    question varchar,
    answer varchar,
    answered_at timestamptz,
    answered_by varchar
);
