-- One row per filing, examination and end of knowledge whose distributions are worth 10^15 tenge or more in
-- all: none of them is given a value.
--
-- Such a filing cannot be true (satoshi for bitcoin, say), and some of them would overflow the sums of everyone. Its
-- quantities stay, unvalued, until it is corrected. known_to = infinity judges the prices and rates in force; another
-- moment judges what was replaced at that moment, by itself.
create table filing_beyond_value (
    filing_key bigint not null,
    examination_no integer not null,
    known_to timestamptz not null
);
