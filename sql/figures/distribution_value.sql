-- One row per distribution in force and role, with its value in tenge at the prices and rates in force (para 3).
create view distribution_value as
select * exclude (examination_no, is_latest, known_from, known_to)
from row_value
where
    is_latest
    and known_to = 'infinity'::timestamptz
    and filing_key in (select filing_key from in_force_as_known_on('infinity'::timestamptz));
