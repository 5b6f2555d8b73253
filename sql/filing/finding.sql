-- One row per fault: found by the latest examination of a filing, or across filings.
--
-- Past the cap of a rule and sheet one row is for all the rest; occurrences add up. A fault found across filings
-- has no examination_no.
create view finding as
select
    examination_finding.*,
    (examination.examined_at at time zone 'Asia/Almaty')::date as detected_on
from internal.examination_finding
left join examination
    on
        examination_finding.registration_no = examination.registration_no
        and examination_finding.examination_no = examination.examination_no
union all by name
select * exclude (finding_key) from internal.across_finding;
