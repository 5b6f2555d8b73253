-- One row per span of knowledge of each day and asset of which daily_asset does not hold what daily_asset_due says that
-- it should: what it should hold, or a row with is_due = false where it should hold nothing.
create view internal.daily_asset_change as
with due as materialized (
    select * from internal.daily_asset_due
),

held as materialized (
    select * exclude (largest_quantity)
    from internal.daily_asset
),

differing as (
    (
        from due
        except
        from held
    )
    union all
    (
        from held
        except
        from due
    )
),

changed as (
    select distinct
        day,
        asset
    from differing
)

select
    changed.day,
    changed.asset,
    due.* exclude (day, asset),
    due.day is not null as is_due
from changed
left join due on changed.day = due.day and changed.asset = due.asset;
