-- One row per asset and span of days: the decimals of its smallest unit.
--
-- The spans of an asset's rows in the table of the law, drawn out so that no day is without one: before the first row
-- its unit counts, in a gap and at the end the unit before. Obligations take the unit of the last day of their span.
create view internal.smallest_unit as
select
    ticker as asset,
    decimals,
    case when lag(valid_from) over of_asset is null then date '0001-01-01' else valid_from end as valid_from,
    coalesce(lead((valid_from - interval 1 day)::date) over of_asset, date '9999-12-31') as valid_to
from asset
window of_asset as (partition by ticker order by valid_from);
