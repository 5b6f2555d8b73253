-- One row per obliged role and span of days: the share to be sold through licensed exchanges (para 11).
--
-- The share is by a secondary source and not confirmed until somebody confirms the row: in the table of the law, or by
-- an event reference_confirmed with day and document.
create table sale_rule (
    valid_from date not null,
    valid_to date,
    obliged_role varchar not null,
    share decimal(7, 6) not null,
    venue varchar not null,
    source varchar not null,
    confirmed_by varchar,
    confirmed_on date,
    document varchar,
    confirmed_at timestamptz
);
