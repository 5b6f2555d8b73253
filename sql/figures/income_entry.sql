-- One row per moment, cause, filing, role, taxpayer and asset that changed a year's figures: why a figure is what it is
-- (paras 3, 6 and 11).
--
-- cause: new (a first filing), refiling, correction, overruled (an officer overruled a refusal), reexamination, price,
-- exchange_rate (a new version of the reference file), code_version (other code gives another figure). The entries
-- of a year, role, taxpayer and asset up to a moment add up to its annual_income_as_reported_on, and those up to
-- infinity to annual_income. Units to sell are those by which the year's obligation moved, rounded up before and after,
-- so that they add up as well.
create view income_entry as
with numbered as (
    select
        *,
        row_number() over (
            partition by year, role, taxpayer_id, asset, share
            order by moment, cause, reference, registration_no, pool_id, period
        ) as entry_no
    from internal.income_entry_by_share
),

running as (
    select
        *,
        sum(quantity_difference) over (
            partition by year, role, taxpayer_id, asset, share
            order by entry_no
            rows between unbounded preceding and current row
        )::decimal(38, 18) as base_quantity
    from numbered
),

obliged as (
    select
        running.*,
        case
            when running.share is not null
                then quantity_to_sell(running.base_quantity, running.share, smallest_unit.decimals)
            else 0
        end as quantity_to_sell
    from running
    left join internal.smallest_unit
        on
            running.asset = smallest_unit.asset
            and make_date(running.year, 12, 31) between smallest_unit.valid_from and smallest_unit.valid_to
),

moved as (
    select
        *,
        quantity_to_sell - coalesce(
            lag(quantity_to_sell) over (
                partition by year, role, taxpayer_id, asset, share
                order by entry_no
            ),
            0
        ) as quantity_to_sell_difference
    from obliged
),

entries as (
    select
        moment,
        cause,
        reference,
        registration_no,
        pool_id,
        period,
        year,
        role,
        taxpayer_id,
        asset,
        examination_no,
        sum(quantity_difference)::decimal(38, 18) as quantity_difference,
        sum(unvalued_difference)::decimal(38, 18) as unvalued_difference,
        sum(income_kzt_difference)::decimal(38, 12) as income_kzt_difference,
        sum(quantity_to_sell_difference)::decimal(38, 18) as quantity_to_sell_difference
    from moved
    group by all
)

select
    entries.moment,
    entries.cause,
    entries.reference,
    entries.registration_no,
    entries.pool_id,
    entries.period,
    entries.year,
    entries.role,
    entries.taxpayer_id,
    entries.asset,
    entries.quantity_difference,
    entries.unvalued_difference,
    entries.income_kzt_difference,
    entries.quantity_to_sell_difference,
    examination.ruleset,
    examination.code_version
from entries
left join examination
    on entries.registration_no = examination.registration_no and entries.examination_no = examination.examination_no
where
    entries.quantity_difference <> 0
    or entries.unvalued_difference <> 0
    or entries.income_kzt_difference <> 0
    or entries.quantity_to_sell_difference <> 0;
