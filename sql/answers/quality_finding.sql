-- One row per fault in the filings of quality_filing, with the month and pool that its filing counts to.
create macro quality_finding(first_month, last_month, of_pool, known_on, of_day) as table
    select
        filed.filing_key,
        filed.registration_no,
        filed.month,
        filed.pool_id,
        filed.status,
        filed.is_refused,
        finding.rule_id,
        finding.lane,
        finding.severity,
        finding.file,
        finding.sheet,
        finding.row,
        finding.column_no,
        finding.found,
        finding.expected,
        finding.occurrences
    from internal.finding_before(of_day) as finding
    inner join quality_filing(first_month, last_month, of_pool, known_on) as filed
        on finding.registration_no = filed.registration_no;
