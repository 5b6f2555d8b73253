-- A finding belongs to no examined filing.
select
    registration_no,
    rule_id
from internal.examination_finding
where registration_no not in (
    select registration_no from examination
    where is_latest
);
