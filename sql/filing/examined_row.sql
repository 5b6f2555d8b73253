-- One row per data row of Annex 2 in any examination of each filing.
create view examined_row as
select
    *,
    true as is_latest
from distribution_row
union all by name
select
    *,
    false as is_latest
from earlier_row;
