-- One row per data row of Annex 2 in any examination of each filing.
create view internal.examined_row as
select
    *,
    true as is_latest
from internal.distribution_row
union all by name
select
    *,
    false as is_latest
from internal.earlier_row;
