select
    kind,
    reason,
    asset,
    first_day,
    last_day,
    days,
    unvalued_quantity
from reference_gap
order by first_day;
