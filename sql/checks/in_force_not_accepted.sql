-- A filing in force does not have the status accepted, or the other way round.
select
    filing.registration_no,
    filing.status
from filing
left join internal.in_force_as_known_on(internal.last_moment()) as in_force on filing.filing_key = in_force.filing_key
where (filing.status = 'accepted') <> (in_force.filing_key is not null);
