-- One row per derived table whose making is skipped while its sources stay the same.
create table internal.build_state (
    relation varchar primary key,
    sources varchar not null
);
