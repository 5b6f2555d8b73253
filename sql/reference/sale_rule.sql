-- One row per obliged role and span of days: the share to be sold through licensed exchanges (para 11).
create table sale_rule (
    valid_from date not null,
    valid_to date,
    obliged_role varchar not null,
    share decimal(7, 6) not null,
    venue varchar not null,
    source varchar not null,
    confirmed_by varchar
);
