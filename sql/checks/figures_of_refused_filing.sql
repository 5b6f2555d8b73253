-- A filing that is not accepted has a part in the figures (para 8).
select distinct examination.registration_no
from internal.current_part
inner join examination on current_part.filing_key = examination.filing_key and examination.is_latest
where examination.accepted_from is null;
