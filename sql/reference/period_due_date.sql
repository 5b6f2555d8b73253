-- One row per month of distribution: when its filing is due (para 5).
create table period_due_date (
    period date primary key,
    due_on date not null,
    due_effective_on date not null,
    is_expected boolean not null
);
