-- One row per examined filing: what its rows in distribution_row add up to, to hold against its Parquet file.
create table internal.stored_rows (
    filing_key bigint not null,
    row_count bigint not null,
    quantity decimal(38, 18) not null,
    reward_quantity decimal(38, 18) not null
);
