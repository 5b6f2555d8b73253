-- One row per moment, cause, filing, role, taxpayer, asset and share that moved: income_entry before the units to sell.
--
-- What began and ended at one moment for one cause is netted: what a correction replaces against what it brings, an
-- earlier price against a later one.
create view internal.income_entry_by_share as
select
    moment,
    cause,
    reference,
    registration_no,
    pool_id,
    period,
    year,
    role,
    taxpayer_id,
    asset,
    share,
    examination_no,
    sum(quantity_difference)::decimal(38, 18) as quantity_difference,
    sum(unvalued_difference)::decimal(38, 18) as unvalued_difference,
    sum(income_kzt_difference)::decimal(38, 12) as income_kzt_difference
from internal.part_turn
group by all;
