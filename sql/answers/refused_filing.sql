-- One row per filing that was refused as incomplete (para 8), with the number of its remarks and the first of them.
create macro refused_filing() as table
    select
        filing.registration_no,
        filing.pool_id,
        filing.pool_name,
        filing.period,
        count(finding.rule_id) as remarks,
        first(finding.message_en order by finding.rule_id, finding.row) as first_remark_en
    from filing
    left join finding
        on filing.registration_no = finding.registration_no and finding.lane = 'completeness'
    where filing.verdict = 'refused'
    group by filing.registration_no, filing.pool_id, filing.pool_name, filing.period;
