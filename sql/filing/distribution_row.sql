-- One row per data row of Annex 2 in the latest examination of each filing, whatever its verdict.
create table distribution_row (
    filing_key bigint not null,
    registration_no varchar not null,
    file varchar not null,
    file_sha256 varchar not null,
    sheet varchar not null,
    row integer not null,
    examination_no integer not null default 1,
    pool_id varchar,
    period date,
    row_no bigint,
    taxpayer_id varchar,
    taxpayer_id_state varchar,
    taxpayer_name varchar,
    licence_no varchar,
    licence_date date,
    wallet varchar,
    distributed_on date,
    asset varchar,
    quantity decimal(38, 18),
    reward_asset varchar,
    reward_quantity decimal(38, 18)
);
