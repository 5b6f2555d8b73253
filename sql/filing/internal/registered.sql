-- One row per registered package (para 7): what its receipt says.
--
-- filing_key is the registration number as an integer (year and serial); it gives the order of numbers.
create table internal.registered (
    registration_no varchar primary key,
    filing_key bigint not null,
    received_at timestamptz not null,
    registered_on date not null,
    registered_at timestamptz not null,
    examine_by date not null,
    incoming_no varchar,
    change_date date,
    correction_due_on date,
    source_name varchar,
    package_sha256 varchar not null,
    file_count integer not null,
    is_history boolean not null default false,
    stamp_error varchar
);
