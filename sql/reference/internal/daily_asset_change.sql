-- One row per day and asset of which daily_asset does not hold what daily_asset_due says that it should.
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
)

select distinct
    day,
    asset
from differing;
