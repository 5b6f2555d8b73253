-- A filing has not exactly one latest examination, or two with one number.
select
    registration_no,
    count(*) as examinations,
    count(*) filter (where is_latest) as latest
from examination
group by registration_no
having count(*) filter (where is_latest) <> 1 or count(distinct examination_no) <> count(*);
