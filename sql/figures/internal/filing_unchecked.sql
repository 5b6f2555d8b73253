-- One row per filing that came or changed since the checks last passed: a work list, empty in a published warehouse.
create table internal.filing_unchecked (
    filing_key bigint primary key
);
