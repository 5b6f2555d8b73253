-- One row per part of an accepted filing that holds now: by its latest examination, at the prices and rates in force.
create view internal.current_part as
select income_part.*
from internal.income_part
inner join examination
    on
        income_part.filing_key = examination.filing_key
        and income_part.examination_no = examination.examination_no
where examination.is_latest and income_part.known_to = internal.last_moment();
