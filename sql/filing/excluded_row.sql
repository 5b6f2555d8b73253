-- One row per quantity of a filing in force that is left out of the figures, with the content of its cell.
--
-- A taxpayer all of whose quantities are here has no row in annual_income: a quantity of 0 there would be untrue.
create view excluded_row as
select
    unreadable_quantity.registration_no,
    unreadable_quantity.file,
    unreadable_quantity.sheet,
    unreadable_quantity.row,
    unreadable_quantity.column_no,
    unreadable_quantity.found,
    unreadable_quantity.reason,
    unreadable_quantity.taxpayer_id,
    unreadable_quantity.asset,
    in_force.pool_id,
    in_force.period
from internal.unreadable_quantity
inner join internal.in_force_as_known_on(internal.last_moment()) as in_force
    on unreadable_quantity.filing_key = in_force.filing_key;
