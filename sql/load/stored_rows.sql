-- One row per filing in the variable filings (their filing_key): what its rows in distribution_row add up to.
select
    filing_key,
    count(*) as row_count,
    coalesce(sum(internal.counted_quantity(quantity)), 0) as quantity,
    coalesce(sum(internal.counted_quantity(reward_quantity)), 0) as reward_quantity
from internal.distribution_row
where
    filing_key between list_min(getvariable('filings')::bigint[]) and list_max(getvariable('filings')::bigint[])
    and filing_key in (select unnest(getvariable('filings')::bigint[]))
group by filing_key;
