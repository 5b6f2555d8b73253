-- The entries of a pool and month do not add up to what its filing in force brings to the figures.
with unchecked as (
    select distinct
        examination.pool_id,
        examination.period
    from examination
    inner join filing_unchecked on examination.filing_key = filing_unchecked.filing_key
),

told as (
    select
        in_force.pool_id,
        in_force.period,
        income_part.year,
        income_part.role,
        income_part.taxpayer_id,
        income_part.asset,
        income_part.quantity,
        income_part.unvalued_quantity,
        income_part.income_kzt
    from in_force_as_known_on('infinity'::timestamptz) as in_force
    inner join unchecked on in_force.pool_id = unchecked.pool_id and in_force.period = unchecked.period
    inner join income_part
        on in_force.filing_key = income_part.filing_key and in_force.examination_no = income_part.examination_no
    where income_part.known_to = 'infinity'::timestamptz
    union all
    select
        entry.pool_id,
        entry.period,
        entry.year,
        entry.role,
        entry.taxpayer_id,
        entry.asset,
        -entry.quantity_difference as quantity,
        -entry.unvalued_difference as unvalued_quantity,
        -entry.income_kzt_difference as income_kzt
    from part_turn as entry
    inner join unchecked on entry.pool_id = unchecked.pool_id and entry.period = unchecked.period
)

select
    pool_id,
    period,
    year,
    role,
    taxpayer_id,
    asset,
    sum(quantity) as quantity,
    sum(unvalued_quantity) as unvalued_quantity,
    sum(income_kzt) as income_kzt
from told
group by all
having sum(quantity) <> 0 or sum(unvalued_quantity) <> 0 or sum(income_kzt) <> 0;
