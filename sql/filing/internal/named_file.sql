-- One row per Parquet file of the lake that a verdict names, of an earlier examination too, and its bytes' hash.
create table internal.named_file (
    path varchar not null,
    registration_no varchar not null,
    examination_no integer not null,
    sha256 varchar
);
