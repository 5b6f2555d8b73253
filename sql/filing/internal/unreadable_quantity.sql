-- One row per quantity that no figure can hold: its cell could not be read, or says more than can be counted.
create table internal.unreadable_quantity (
    filing_key bigint not null,
    registration_no varchar not null,
    file varchar not null,
    sheet varchar not null,
    row integer not null,
    column_no varchar not null,
    taxpayer_id varchar,
    asset varchar,
    found varchar,
    reason varchar not null
);
