-- A day and asset have two unit prices at one time, or a time without one.
with in_sequence as (
    select
        day,
        asset,
        known_from,
        known_to,
        lag(known_to, 1, internal.first_moment()) over of_day as known_to_before,
        lead(known_from, 1, internal.last_moment()) over of_day as known_from_after
    from internal.daily_asset
    window of_day as (partition by day, asset order by known_from, known_to)
)

select
    day,
    asset,
    known_from,
    known_to,
    known_to_before,
    known_from_after
from in_sequence
where known_from <> known_to_before or known_to <> known_from_after or known_from > known_to;
