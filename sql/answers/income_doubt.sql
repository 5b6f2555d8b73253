-- One row per role, rule, lane and severity found on rows of a taxpayer's figure of a year. They change nothing in it.
--
-- On rows of a pool's reward only what is found in the columns of day and reward counts (6, 9.1 and 9.2).
create macro income_doubt(taxpayer, of_year) as table
    select
        traced.role,
        finding.rule_id,
        finding.lane,
        finding.severity,
        sum(finding.occurrences)::bigint as count,
        list(distinct finding.registration_no order by finding.registration_no) as filings
    from finding
    inner join trace_income(taxpayer, of_year) as traced
        on
            finding.registration_no = traced.registration_no
            and finding.file = traced.file
            and finding.sheet = traced.sheet
            and finding.row = traced.row
    where traced.role = 'miner' or finding.column_no in ('6', '9.1', '9.2')
    group by traced.role, finding.rule_id, finding.lane, finding.severity;
