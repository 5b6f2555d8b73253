-- One row per data row of a filing's 1-ЦМ sheets as last examined, in order of file, sheet and row.
--
-- rows_before: how many rows are before it. excluded: by printed column (8 or 9.2), the quantities that no figure can
-- hold, with what the cell holds (found) and why (reason); null without any.
create macro filing_row(number) as table
    with excluded as (
        select
            file,
            sheet,
            row,
            map_from_entries(
                list({ 'key': column_no, 'value': { 'found': found, 'reason': reason } } order by column_no)
            ) as excluded
        from internal.unreadable_quantity
        where
            filing_key = (
                select filing_key from internal.registered
                where registration_no = number::varchar
            )
        group by file, sheet, row
    )

    select
        stored.*,
        excluded.excluded,
        internal.by_transcription(stored.source) as is_transcribed,
        row_number() over (order by stored.file, stored.sheet, stored.row) - 1 as rows_before
    from internal.distribution_row as stored
    left join excluded
        on
            stored.file = excluded.file
            and stored.sheet = excluded.sheet
            and stored.row = excluded.row
    where
        stored.filing_key = (
            select filing_key from internal.registered
            where registration_no = number::varchar
        )
    order by rows_before;
