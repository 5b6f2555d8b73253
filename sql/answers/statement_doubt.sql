-- One row per taxpayer, filing, rule, severity and column: faults found in rows of a year, as of a moment (para 10).
--
-- A row is its taxpayer's; what is found in column 9.1 or 9.2 is the pool's, and what in column 6, both. earlier as in
-- unreliable_as_reported_on.
create macro statement_doubt(of_year, reported_on, earlier) as table
    with touching as (
        select distinct
            distributed.taxpayer_id,
            finding.finding_no,
            finding.registration_no,
            finding.rule_id,
            finding.severity,
            finding.column_no,
            finding.occurrences
        from internal.unreliable_as_reported_on(reported_on, earlier) as finding
        inner join quantity_as_reported_on(reported_on) as distributed
            on
                finding.registration_no = distributed.registration_no
                and finding.file = distributed.file
                and finding.sheet = distributed.sheet
                and finding.row = distributed.row
        where
            year(distributed.day) = of_year::integer
            and case
                when finding.column_no like '9%' then distributed.role = 'pool'
                when finding.column_no = '6' then true
                else distributed.role = 'miner'
            end
    )

    select
        taxpayer_id,
        registration_no,
        rule_id,
        severity,
        column_no,
        sum(occurrences)::bigint as occurrences
    from touching
    group by taxpayer_id, registration_no, rule_id, severity, column_no;
