-- One row per accepted correction, year, role, taxpayer and asset whose figures it changed (paras 3, 6 and 11).
--
-- Before and after are what the replaced filing and the correction bring to the figures; the difference is what the
-- correction moved them by. Units to sell are rounded up for the filing by itself; the year's obligation is rounded
-- once over all filings and may move by less or more in the smallest unit. Prices and rates are those of now.
create view filing_effect as
with correction as (
    select
        filing.registration_no,
        filing.replaces,
        filing.pool_id,
        filing.pool_name,
        filing.period,
        filing.filing_key,
        registered.filing_key as replaced_key
    from filing
    inner join internal.registered on filing.replaces = registered.registration_no
    where filing.kind = 'correction' and filing.verdict = 'accepted'
),

compared as (
    select
        registration_no,
        replaces,
        pool_id,
        pool_name,
        period,
        true as is_after,
        filing_key
    from correction
    union all
    select
        registration_no,
        replaces,
        pool_id,
        pool_name,
        period,
        false as is_after,
        replaced_key as filing_key
    from correction
),

by_share as (
    select
        compared.registration_no,
        compared.replaces,
        compared.pool_id,
        compared.pool_name,
        compared.period,
        compared.is_after,
        current_part.year,
        current_part.role,
        current_part.taxpayer_id,
        current_part.asset,
        current_part.share,
        arg_max(current_part.taxpayer_name, current_part.named_on) as taxpayer_name,
        sum(current_part.quantity)::decimal(38, 18) as quantity,
        sum(current_part.unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(current_part.income_kzt)::decimal(38, 12) as income_kzt
    from internal.current_part
    inner join compared on current_part.filing_key = compared.filing_key
    group by all
),

with_obligation as (
    select
        by_share.*,
        case
            when by_share.share is not null
                then quantity_to_sell(by_share.quantity, by_share.share, smallest_unit.decimals)
        end as quantity_to_sell
    from by_share
    left join internal.smallest_unit
        on
            by_share.asset = smallest_unit.asset
            and make_date(by_share.year, 12, 31) between smallest_unit.valid_from and smallest_unit.valid_to
),

before_and_after as (
    select
        registration_no,
        any_value(replaces) as replaces,
        any_value(pool_id) as pool_id,
        any_value(pool_name) as pool_name,
        any_value(period) as period,
        year,
        role,
        taxpayer_id,
        asset,
        arg_max(taxpayer_name, is_after) as taxpayer_name,
        coalesce(sum(quantity) filter (where not is_after), 0)::decimal(38, 18) as quantity_before,
        coalesce(sum(quantity) filter (where is_after), 0)::decimal(38, 18) as quantity_after,
        coalesce(sum(unvalued_quantity) filter (where not is_after), 0)::decimal(38, 18) as unvalued_before,
        coalesce(sum(unvalued_quantity) filter (where is_after), 0)::decimal(38, 18) as unvalued_after,
        coalesce(sum(income_kzt) filter (where not is_after), 0)::decimal(38, 12) as income_kzt_before,
        coalesce(sum(income_kzt) filter (where is_after), 0)::decimal(38, 12) as income_kzt_after,
        count(quantity_to_sell) > 0 as is_obliged,
        coalesce(sum(quantity_to_sell) filter (where not is_after), 0)::decimal(38, 18) as to_sell_before,
        coalesce(sum(quantity_to_sell) filter (where is_after), 0)::decimal(38, 18) as to_sell_after
    from with_obligation
    group by registration_no, year, role, taxpayer_id, asset
)

select
    registration_no,
    replaces,
    pool_id,
    period,
    year,
    role,
    taxpayer_id,
    coalesce(taxpayer_name, case when role = 'pool' then pool_name end) as taxpayer_name,
    asset,
    quantity_before,
    quantity_after,
    (quantity_after - quantity_before)::decimal(38, 18) as quantity_difference,
    unvalued_before,
    unvalued_after,
    income_kzt_before,
    income_kzt_after,
    (income_kzt_after - income_kzt_before)::decimal(38, 12) as income_kzt_difference,
    case when is_obliged then to_sell_before end as quantity_to_sell_before,
    case when is_obliged then to_sell_after end as quantity_to_sell_after,
    case when is_obliged then to_sell_after - to_sell_before end::decimal(38, 18) as quantity_to_sell_difference
from before_and_after
where
    quantity_before <> quantity_after
    or unvalued_before <> unvalued_after
    or income_kzt_before <> income_kzt_after
    or to_sell_before <> to_sell_after;
