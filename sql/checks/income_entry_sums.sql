-- The parts that count without end are not those of the filings in force, so entries do not add up to the figures.
--
-- What ends is entered twice, with opposite signs; a sum of entries is that of the parts that began and have no end.
with unchecked as (
    select distinct
        examination.pool_id,
        examination.period
    from examination
    inner join internal.filing_unchecked on examination.filing_key = filing_unchecked.filing_key
),

of_month as (
    select distinct examination.filing_key
    from examination
    inner join unchecked on examination.pool_id = unchecked.pool_id and examination.period = unchecked.period
),

brought as (
    select
        reported_part.*,
        1 as sign
    from internal.reported_part
    inner join internal.in_force_as_known_on(internal.last_moment()) as in_force
        on reported_part.filing_key = in_force.filing_key and reported_part.examination_no = in_force.examination_no
    where
        reported_part.known_to = internal.last_moment()
        and reported_part.filing_key in (select filing_key from of_month)
    union all
    select
        reported_part.*,
        -1 as sign
    from internal.reported_part
    inner join internal.in_force_span
        on
            reported_part.filing_key = in_force_span.filing_key
            and reported_part.examination_no = in_force_span.examination_no
    where
        reported_part.filing_key in (select filing_key from of_month)
        and reported_part.known_from < in_force_span.in_force_to
        and reported_part.known_to > in_force_span.in_force_from
        and least(reported_part.known_to, in_force_span.in_force_to) = internal.last_moment()
)

select
    filing_key,
    year,
    role,
    taxpayer_id,
    asset,
    sum(sign * quantity) as quantity,
    sum(sign * unvalued_quantity) as unvalued_quantity,
    sum(sign * income_kzt) as income_kzt
from brought
group by all
having sum(sign * quantity) <> 0 or sum(sign * unvalued_quantity) <> 0 or sum(sign * income_kzt) <> 0;
