-- One row per filing in force, asset and day whose reward may be a total written on several rows (R-78).
--
-- R-64 sees one reward on all rows of a filing. Here: one on all rows of each sheet, another on the next; and one on
-- all rows of several filings, where a filing holds a day of another one's month. Only such rows are looked at. A
-- reward of zero says nothing.
with in_force as (
    select
        filing_key,
        registration_no,
        pool_id,
        period
    from internal.in_force_as_known_on(getvariable('known_on'))
    where pool_id is not null and period is not null
),

filed_sheet as (
    select distinct
        filing_key,
        file,
        sheet
    from internal.distribution_row
),

in_several_sheets as (
    select filing_key
    from filed_sheet
    group by filing_key
    having count(*) > 1
),

of_another_month as (
    select distinct
        pool_id,
        asset,
        distributed_on
    from internal.distribution_row
    where distributed_on < period or distributed_on >= period + interval 1 month
),

written as (
    select *
    from internal.distribution_row
    where filing_key in (select filing_key from in_several_sheets)
    union all
    select *
    from internal.distribution_row
    where
        (pool_id, asset, distributed_on) in (select (pool_id, asset, distributed_on) from of_another_month)
        and filing_key not in (select filing_key from in_several_sheets)
),

sheets as (
    select
        in_force.filing_key,
        in_force.registration_no,
        in_force.pool_id,
        in_force.period,
        written.asset,
        written.distributed_on,
        written.file,
        written.sheet,
        min(written.row) as row,
        min(written.quantity) as least_quantity,
        max(written.quantity) as greatest_quantity,
        min(written.reward_quantity) as reward,
        min(written.reward_quantity) = max(written.reward_quantity)
        and min(written.reward_quantity) <> 0
        and count(written.reward_quantity) = count(*) as has_one_reward
    from written
    inner join in_force on written.filing_key = in_force.filing_key
    where written.asset is not null and written.distributed_on is not null
    group by all
),

filings as (
    select
        registration_no,
        pool_id,
        period,
        asset,
        distributed_on,
        count(*) as sheet_count,
        bool_and(has_one_reward) as has_one_reward_a_sheet,
        bool_or(least_quantity <> greatest_quantity) as has_sheet_with_several_quantities,
        min(least_quantity) as least_quantity,
        max(greatest_quantity) as greatest_quantity,
        min(reward) as least_reward,
        max(reward) as greatest_reward,
        min({ 'file': file, 'sheet': sheet, 'row': row }) as place,
        arg_min(reward, { 'file': file, 'sheet': sheet, 'row': row }) as reward
    from sheets
    group by registration_no, pool_id, period, asset, distributed_on
),

judged as (
    select
        *,
        case
            when
                sheet_count > 1
                and has_one_reward_a_sheet
                and least_reward <> greatest_reward
                and has_sheet_with_several_quantities
                then 'on_each_sheet'
            when
                count(*) over same_day > 1
                and bool_and(has_one_reward_a_sheet) over same_day
                and min(least_reward) over same_day = max(greatest_reward) over same_day
                and min(least_quantity) over same_day <> max(greatest_quantity) over same_day
                and date_trunc('month', distributed_on) <> period
                then 'in_several_filings'
            else 'varies'
        end as reward_repetition
    from filings
    window same_day as (partition by pool_id, asset, distributed_on)
)

select
    registration_no,
    asset || ' ' || distributed_on as subject,
    'unreliable' as ground,
    reward_repetition,
    place['file'] as file,
    place['sheet'] as sheet,
    place['row'] as row,
    asset || ', ' || strftime(distributed_on, '%d.%m.%Y') || ': ' || rtrim(rtrim(reward::varchar, '0'), '.') as found
from judged
order by registration_no, asset, distributed_on;
