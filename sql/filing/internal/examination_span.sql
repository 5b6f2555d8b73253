-- One row per examination of a filing, with the span of time in which it was the latest (para 8).
--
-- The first one counts from the beginning of time: what it says counts from the arrival. A later one counts from its
-- own moment. figures_from is empty unless the examination brings figures: the filing counts as accepted by it, at the
-- latest before the next examination. is_answer: it gave a verdict to a filing that had waited for an officer.
create view internal.examination_span as
with counted as (
    select
        examination.*,
        registered.received_at,
        max(case when examination_no > 1 then examined_at else internal.first_moment() end) over examinations
            as counts_from
    from examination
    inner join internal.registered on examination.filing_key = registered.filing_key
    window examinations as (partition by examination.filing_key order by examination_no)
),

spans as (
    select
        *,
        coalesce(lead(counts_from) over examinations, internal.last_moment()) as counts_to,
        answer is not null and lag(verdict) over examinations is null as is_answer
    from counted
    window examinations as (partition by filing_key order by examination_no)
)

select
    registration_no,
    filing_key,
    examination_no,
    received_at,
    pool_id,
    pool_name,
    period,
    verdict,
    accepted_from,
    counts_from,
    counts_to,
    is_answer,
    case when accepted_from < counts_to and counts_from < counts_to then greatest(accepted_from, counts_from) end
        as figures_from
from spans;
