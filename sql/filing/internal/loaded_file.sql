-- One row per Parquet file of the lake that is loaded: what it holds, as counted in the file itself.
create table internal.loaded_file (
    path varchar not null,
    registration_no varchar not null,
    relation varchar not null,
    row_count bigint not null,
    quantity decimal(38, 18) not null,
    reward_quantity decimal(38, 18) not null,
    occurrences bigint not null
);
