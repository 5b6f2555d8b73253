-- One row per month, pool, rule, lane and severity: the findings in the filings of quality_filing.
--
-- refusals: refused filings among them, if the rule is one of completeness: it is a reason of the refusal (para 8).
create macro quality_rule(first_month, last_month, of_pool, known_on, of_day) as table
    select
        month,
        pool_id,
        rule_id,
        lane,
        severity,
        sum(occurrences)::bigint as findings,
        count(distinct registration_no) as filings,
        count(distinct case when is_refused and lane = 'completeness' then registration_no end) as refusals
    from quality_finding(first_month, last_month, of_pool, known_on, of_day)
    group by month, pool_id, rule_id, lane, severity;
