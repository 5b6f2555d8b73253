-- An examination belongs to no registered filing.
select
    registration_no,
    examination_no
from examination
where filing_key not in (select filing_key from internal.registered);
