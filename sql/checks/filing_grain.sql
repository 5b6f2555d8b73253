-- A registration number is registered twice.
select
    registration_no,
    count(*) as times
from internal.registered
group by registration_no
having count(*) > 1;
