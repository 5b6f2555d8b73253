-- One row per BIN or IIN that received assets by the filings in force: miners of column 7, and pools by their reward.
--
-- The name is the latest, as in annual_income. A faulty number is given as written; kind is what its digits
-- say. Taxpayers none of whose quantities could be read are in it, too (excluded_row).
create view taxpayer as
with received as (
    select
        taxpayer_id,
        taxpayer_name,
        named_by,
        pool_id,
        period
    from internal.income_part_as_known_on(internal.last_moment())
    union all by name
    select
        excluded_row.taxpayer_id,
        distribution.taxpayer_name,
        excluded_row.pool_id,
        excluded_row.period
    from excluded_row
    inner join distribution
        on
            excluded_row.registration_no = distribution.registration_no
            and excluded_row.file = distribution.file
            and excluded_row.sheet = distribution.sheet
            and excluded_row.row = distribution.row
    where excluded_row.column_no = '8'
    union all by name
    select
        pool_id as taxpayer_id,
        pool_id,
        period
    from excluded_row
    where column_no = '9.2'
)

select
    taxpayer_id,
    coalesce(arg_max(taxpayer_name, named_by), any_value(taxpayer_name)) as taxpayer_name,
    case
        when not regexp_full_match(taxpayer_id, '[0-9]{12}') then null
        when taxpayer_id[5] in ('4', '5', '6') then 'bin'
        when taxpayer_id[5] in ('0', '1', '2', '3') then 'iin'
    end as kind,
    min(period) as first_period,
    max(period) as last_period,
    string_agg(distinct pool_id, ', ' order by pool_id) as pools
from received
where taxpayer_id is not null
group by taxpayer_id;
