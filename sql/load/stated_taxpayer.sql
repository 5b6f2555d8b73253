-- One row per filing in the variable filings (their filing_key) and what its rows in distribution_row state together of
-- a taxpayer.
select
    filing_key,
    taxpayer_id,
    taxpayer_id_state,
    taxpayer_name,
    licence_no,
    licence_date,
    wallet,
    min(distributed_on) as first_on,
    max(distributed_on) as last_on,
    min({ 'file': file, 'sheet': sheet, 'row': row })['file'] as file,
    min({ 'file': file, 'sheet': sheet, 'row': row })['sheet'] as sheet,
    min({ 'file': file, 'sheet': sheet, 'row': row })['row'] as row,
    count(*) as row_count
from internal.distribution_row
where
    filing_key between list_min(getvariable('filings')::bigint[]) and list_max(getvariable('filings')::bigint[])
    and filing_key in (select unnest(getvariable('filings')::bigint[]))
group by all;
