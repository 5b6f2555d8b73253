-- One row per part that a filing brings, or brought, to the figures: those of income_part, and what other code
-- reported differently until it was replaced.
create view internal.reported_part as
select
    *,
    null::varchar as revised_by
from internal.income_part
union all by name
select
    filing_key,
    examination_no,
    year,
    period,
    role,
    taxpayer_id,
    asset,
    share,
    coalesce(is_undecided, false) as is_undecided,
    internal.first_moment() as known_from,
    moment as known_to,
    0 as named_on,
    0 as row_count,
    -quantity_difference as quantity,
    -valued_difference as valued_quantity,
    -unvalued_difference as unvalued_quantity,
    -income_kzt_difference as income_kzt,
    code_version_after as revised_by
from internal.figure_revision;
