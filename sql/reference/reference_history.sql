-- One row per accepted version of a reference file, those replaced since among them.
--
-- A version counts from the moment of its acceptance. The first one counts from the beginning of time: nothing was
-- reported before it, and history loaded later would otherwise have no value in its own time.
create table reference_history (
    name varchar not null,
    version_no integer not null,
    sha256 varchar not null,
    accepted_at timestamptz not null,
    known_from timestamptz not null,
    row_count integer not null
);
