-- One row per rule that ever found something: lane and severity as found last, findings and filings in all.
--
-- findings_of_year: those of filings that count to a year of distribution (0 for null), by the month of filing_month.
create macro rule_findings(of_year) as table
    select
        finding.rule_id,
        arg_max(finding.lane, registered.filing_key) as lane,
        arg_max(finding.severity, registered.filing_key) as severity,
        sum(finding.occurrences)::bigint as findings,
        count(distinct finding.registration_no) as filings,
        coalesce(
            sum(finding.occurrences) filter (
                where year(
                    coalesce(finding.period, (date_trunc('month', registered.registered_on) - interval 1 month)::date)
                ) = of_year::integer
            ),
            0
        )::bigint as findings_of_year
    from finding
    inner join internal.registered on finding.registration_no = registered.registration_no
    group by finding.rule_id;
