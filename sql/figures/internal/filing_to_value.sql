-- One row per filing whose figures are to be worked out anew: a work list, empty in a published warehouse.
create table internal.filing_to_value (
    filing_key bigint primary key
);
