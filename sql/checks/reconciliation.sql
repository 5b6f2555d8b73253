-- An identity of the reconciliation does not hold.
select
    identity,
    left_value,
    right_value,
    difference
from reconciliation
where not holds;
