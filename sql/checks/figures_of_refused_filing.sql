-- A filing that is not accepted has a part in the figures (para 8).
select distinct examination.registration_no
from internal.income_ledger
inner join examination on income_ledger.filing_key = examination.filing_key and examination.is_latest
where examination.accepted_from is null;
