-- One row per filing of the work list, year and role.
--
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro internal.income_ledger_due(first_key, last_key) as table
    select
        filing_key,
        year,
        role,
        count(*) as row_count,
        sum(quantity)::decimal(38, 18) as quantity,
        coalesce(sum(value_kzt), 0)::decimal(38, 12) as income_kzt
    from internal.row_value
    where
        is_latest
        and known_to = internal.last_moment()
        and filing_key between first_key and last_key
        and filing_key in (select filing_key from internal.filing_to_value)
        and filing_key in (
            select examination.filing_key from examination
            where examination.is_latest and examination.accepted_from is not null
        )
    group by filing_key, year, role;
