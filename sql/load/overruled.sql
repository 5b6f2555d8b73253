-- One row per examination whose refusal an officer overruled and that does not count as accepted yet (para 8).
--
-- All refusals of the filing, those of earlier examinations too: they say what the figures were in their time.
select
    examination.filing_key,
    examination.examination_no,
    greatest(registered.received_at, overrule.overruled_at) as accepted_from
from overrule
inner join internal.registered as registered on overrule.filing_key = registered.filing_key
inner join examination on overrule.filing_key = examination.filing_key
where examination.accepted_from is null;
