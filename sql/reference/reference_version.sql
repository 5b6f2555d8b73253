-- One row per reference file: the accepted version that is in force.
create table reference_version (
    name varchar primary key,
    sha256 varchar not null,
    accepted_at timestamptz not null,
    row_count integer not null
);
