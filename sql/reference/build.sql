-- One row per warehouse: what it was built from and the day and the moment it is told as of.
create table build (
    fingerprint varchar not null,
    code_version varchar not null,
    as_of date not null,
    built_at timestamptz not null
);
