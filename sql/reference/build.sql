-- One row per warehouse: what it was built from, and as of which day and moment.
create table build (
    fingerprint varchar not null,
    code_version varchar not null,
    engine varchar not null,
    as_of date not null,
    built_at timestamptz not null
);
