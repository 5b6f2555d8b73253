-- One row per accepted filing whose distributions are worth 10^15 tenge or more in all: none of it is given a value.
--
-- Such a filing cannot be true (satoshi for bitcoin, say), and some of them would overflow the sums of everyone. Its
-- quantities stay, unvalued, until it is corrected.
create table filing_beyond_value (
    filing_key bigint primary key
);
