-- One row per filing: when what is stored of it passed the checks. Another moment says that something of it changed.
create table internal.filing_checked (
    filing_key bigint primary key,
    checked_at timestamptz not null
);
