-- One row per distribution that a correction adds, removes or changes against the version before it (para 6).
--
-- Rows of both versions belong together if taxpayer, wallet, day and asset are equal: among those first the identical
-- ones, then the others in order of file, sheet and row. A corrected wallet is thus one row removed and one added. The
-- ordinal number and the place in the workbook are not compared. A refused correction is compared too; it changes
-- nothing in force (verdict).
create view filing_change as
with correction as (
    select
        filing.registration_no,
        filing.replaces,
        filing.verdict,
        filing.pool_id,
        filing.period,
        filing.filing_key,
        registered.filing_key as replaced_key
    from filing
    inner join internal.registered on filing.replaces = registered.registration_no
    where filing.kind = 'correction'
),

compared as (
    select
        registration_no,
        replaces,
        verdict,
        pool_id,
        period,
        'new' as side,
        filing_key
    from correction
    union all
    select
        registration_no,
        replaces,
        verdict,
        pool_id,
        period,
        'old' as side,
        replaced_key as filing_key
    from correction
),

version_row as (
    select
        compared.*,
        distribution_row.taxpayer_id,
        distribution_row.wallet,
        distribution_row.distributed_on,
        distribution_row.asset,
        distribution_row.taxpayer_name,
        distribution_row.licence_no,
        distribution_row.licence_date,
        distribution_row.quantity,
        unreadable.found as quantity_found,
        distribution_row.reward_asset,
        distribution_row.reward_quantity,
        unreadable_reward.found as reward_quantity_found,
        distribution_row.file,
        distribution_row.sheet,
        distribution_row.row
    from internal.distribution_row
    inner join compared on distribution_row.filing_key = compared.filing_key
    left join internal.unreadable_quantity as unreadable
        on
            distribution_row.filing_key = unreadable.filing_key
            and distribution_row.file = unreadable.file
            and distribution_row.sheet = unreadable.sheet
            and distribution_row.row = unreadable.row
            and unreadable.column_no = '8'
    left join internal.unreadable_quantity as unreadable_reward
        on
            distribution_row.filing_key = unreadable_reward.filing_key
            and distribution_row.file = unreadable_reward.file
            and distribution_row.sheet = unreadable_reward.sheet
            and distribution_row.row = unreadable_reward.row
            and unreadable_reward.column_no = '9.2'
),

with_content as (
    select
        *,
        {
            'taxpayer_name': taxpayer_name,
            'licence_no': licence_no,
            'licence_date': licence_date,
            'quantity': quantity,
            'quantity_found': quantity_found,
            'reward_asset': reward_asset,
            'reward_quantity': reward_quantity,
            'reward_quantity_found': reward_quantity_found
        } as content
    from version_row
),

counted as (
    select
        *,
        row_number() over (
            partition by registration_no, taxpayer_id, wallet, distributed_on, asset, content, side
            order by file, sheet, row
        ) as occurrence
    from with_content
),

unmatched as (
    select *
    from counted
    qualify
        count(*) over (
            partition by registration_no, taxpayer_id, wallet, distributed_on, asset, content, occurrence
        ) = 1
),

numbered as (
    select
        *,
        row_number() over (
            partition by registration_no, taxpayer_id, wallet, distributed_on, asset, side order by file, sheet, row
        ) as number
    from unmatched
),

paired as (
    select
        registration_no,
        taxpayer_id,
        wallet,
        distributed_on,
        asset,
        number,
        any_value(replaces) as replaces,
        any_value(verdict) as verdict,
        any_value(pool_id) as pool_id,
        any_value(period) as period,
        case when count(distinct side) = 2 then 'changed' when max(side) = 'new' then 'added' else 'removed' end
            as change,
        any_value(taxpayer_name) filter (where side = 'old') as old_taxpayer_name,
        any_value(taxpayer_name) filter (where side = 'new') as new_taxpayer_name,
        any_value(licence_no) filter (where side = 'old') as old_licence_no,
        any_value(licence_no) filter (where side = 'new') as new_licence_no,
        any_value(licence_date) filter (where side = 'old') as old_licence_date,
        any_value(licence_date) filter (where side = 'new') as new_licence_date,
        any_value(quantity) filter (where side = 'old') as old_quantity,
        any_value(quantity) filter (where side = 'new') as new_quantity,
        any_value(quantity_found) filter (where side = 'old') as old_quantity_found,
        any_value(quantity_found) filter (where side = 'new') as new_quantity_found,
        any_value(reward_asset) filter (where side = 'old') as old_reward_asset,
        any_value(reward_asset) filter (where side = 'new') as new_reward_asset,
        any_value(reward_quantity) filter (where side = 'old') as old_reward_quantity,
        any_value(reward_quantity) filter (where side = 'new') as new_reward_quantity,
        any_value(reward_quantity_found) filter (where side = 'old') as old_reward_quantity_found,
        any_value(reward_quantity_found) filter (where side = 'new') as new_reward_quantity_found,
        any_value(file) filter (where side = 'old') as old_file,
        any_value(file) filter (where side = 'new') as new_file,
        any_value(sheet) filter (where side = 'old') as old_sheet,
        any_value(sheet) filter (where side = 'new') as new_sheet,
        any_value(row) filter (where side = 'old') as old_row,
        any_value(row) filter (where side = 'new') as new_row
    from numbered
    group by registration_no, taxpayer_id, wallet, distributed_on, asset, number
),

countable as (
    select
        *,
        internal.counted_quantity(old_quantity) as old_counted,
        internal.counted_quantity(new_quantity) as new_counted,
        internal.counted_quantity(old_reward_quantity) as old_reward_counted,
        internal.counted_quantity(new_reward_quantity) as new_reward_counted
    from paired
),

compared_columns as (
    select
        *,
        [
            case when old_taxpayer_name is distinct from new_taxpayer_name then 'taxpayer_name' end,
            case when old_licence_no is distinct from new_licence_no then 'licence_no' end,
            case when old_licence_date is distinct from new_licence_date then 'licence_date' end,
            case
                when
                    old_quantity is distinct from new_quantity
                    or old_quantity_found is distinct from new_quantity_found
                    then 'quantity'
            end,
            case when old_reward_asset is distinct from new_reward_asset then 'reward_asset' end,
            case
                when
                    old_reward_quantity is distinct from new_reward_quantity
                    or old_reward_quantity_found is distinct from new_reward_quantity_found
                    then 'reward_quantity'
            end
        ] as differing
    from countable
)

select
    registration_no,
    replaces,
    verdict,
    pool_id,
    period,
    change,
    case when change = 'changed' then list_filter(differing, lambda name: name is not null) end as changed_columns,
    taxpayer_id,
    coalesce(new_taxpayer_name, old_taxpayer_name) as taxpayer_name,
    wallet,
    distributed_on,
    asset,
    old_quantity,
    new_quantity,
    case
        when change = 'added' then new_counted
        when change = 'removed' then -old_counted
        else new_counted - old_counted
    end as quantity_difference,
    old_reward_asset,
    new_reward_asset,
    old_reward_quantity,
    new_reward_quantity,
    case
        when change = 'added' then new_reward_counted
        when change = 'removed' then -old_reward_counted
        when (old_reward_asset is not distinct from new_reward_asset) then new_reward_counted - old_reward_counted
    end as reward_difference,
    old_quantity_found,
    new_quantity_found,
    old_reward_quantity_found,
    new_reward_quantity_found,
    old_taxpayer_name,
    old_licence_no,
    new_licence_no,
    old_licence_date,
    new_licence_date,
    old_file,
    old_sheet,
    old_row,
    new_file,
    new_sheet,
    new_row
from compared_columns;
