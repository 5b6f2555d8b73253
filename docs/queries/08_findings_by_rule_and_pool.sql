-- Which rules did the filings of each pool break?
--
-- Paras 8 and 10. Faults that the examinations found in single filings, refused and replaced filings included. Lane
-- completeness refuses; reliability never does: an error is a ground for a notice, a warning is in none.
-- Faults across filings (R-70 and above) are left out: they belong to a day, see finding.detected_on.
select
    finding.rule_id,
    finding.lane,
    finding.severity,
    coalesce(pool.pool_name, '(pool not known)') as pool,
    count(distinct finding.registration_no) as filings,
    sum(finding.occurrences)::integer as faults
from finding
left join pool on finding.pool_id = pool.pool_id
where finding.rule_id < 'R-70'
group by all
order by finding.rule_id, pool;
