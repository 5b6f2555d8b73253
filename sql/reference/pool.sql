-- One row per pool and span of accreditation.
create table pool (
    pool_id varchar not null,
    pool_name varchar not null,
    accredited_from date not null,
    accredited_to date,
    email varchar
);
