-- One row per mining licence.
create table licence (
    licence_no varchar not null,
    miner_id varchar not null,
    issued_on date not null,
    expires_on date
);
