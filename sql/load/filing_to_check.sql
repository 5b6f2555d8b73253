-- One row per filing whose rows the checks look at: those that came or changed since the checks last passed, what they
-- replace, and what replaces them.
with unchecked as (
    select registered.registration_no
    from internal.filing_unchecked
    inner join internal.registered on filing_unchecked.filing_key = registered.filing_key
)

select registration_no from unchecked
union
select replaces as registration_no
from filing
where replaces is not null and registration_no in (select registration_no from unchecked)
union
select registration_no
from filing
where replaces in (select registration_no from unchecked);
