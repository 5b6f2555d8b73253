-- One row per distribution, role, examination and end of knowledge that is left without a value, because its filing
-- would be worth 10^15 tenge or more in all (figures/internal/row_beyond_value_due.sql).
--
-- Such a distribution cannot be true (satoshi for bitcoin, say), and some of them would overflow the sums of everyone.
-- Its quantity stays, unvalued, until it is corrected. known_to = last_moment() judges the prices and rates in force;
-- another moment judges what was replaced at that moment, by itself.
create table internal.row_beyond_value (
    filing_key bigint not null,
    examination_no integer not null,
    known_to timestamptz not null,
    role varchar not null,
    file varchar not null,
    sheet varchar not null,
    row integer not null
);
