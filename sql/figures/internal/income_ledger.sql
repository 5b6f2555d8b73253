-- One row per accepted filing, year and role: the values of its distributions added up, to hold the figures against.
create table internal.income_ledger (
    filing_key bigint not null,
    year integer,
    role varchar not null,
    row_count bigint not null,
    quantity decimal(38, 18) not null,
    income_kzt decimal(38, 12) not null
);
