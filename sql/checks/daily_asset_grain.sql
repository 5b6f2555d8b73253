-- A day and asset have two unit prices.
select
    day,
    asset,
    count(*) as times
from daily_asset
group by day, asset
having count(*) > 1;
