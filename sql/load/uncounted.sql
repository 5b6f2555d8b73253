-- One row per filing in the variable filings (their filing_key) of which distribution_row has a quantity, column 8 or
-- 9.2, that no figure can hold.
select distinct registration_no
from internal.distribution_row
where
    filing_key between list_min(getvariable('filings')::bigint[]) and list_max(getvariable('filings')::bigint[])
    and filing_key in (select unnest(getvariable('filings')::bigint[]))
    and (internal.counted_quantity(quantity) is null or internal.counted_quantity(reward_quantity) is null);
