-- One row per role, share and year in which it holds: since when all rows of the table of the law that set it are
-- confirmed; empty while one is not. Rows confirmed in the table itself were so at all times.
create view internal.share_confirmation as
with confirmed as (
    select
        *,
        case when nullif(confirmed_by, '') is not null then coalesce(confirmed_at, internal.first_moment()) end as since
    from sale_rule
),

years as (
    select distinct year(day)::integer as year from calendar_day
)

select
    confirmed.obliged_role as role,
    confirmed.share,
    years.year,
    case when count(*) = count(confirmed.since) then max(confirmed.since) end as confirmed_since
from confirmed
inner join years
    on years.year between year(confirmed.valid_from) and coalesce(year(confirmed.valid_to), 9999)
group by confirmed.obliged_role, confirmed.share, years.year;
