-- One row per fault found in the latest examination; past the cap of a rule and sheet, one row for all the rest.
create table examination_finding (
    registration_no varchar not null,
    rule_id varchar not null,
    lane varchar not null,
    severity varchar not null,
    file varchar,
    sheet varchar,
    row integer,
    column_no varchar,
    found varchar,
    expected varchar,
    message_kk varchar not null,
    message_ru varchar not null,
    message_en varchar not null,
    occurrences integer not null,
    examination_no integer not null,
    pool_id varchar,
    period date
);
