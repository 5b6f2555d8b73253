-- One row per moment, cause and reference by which a taxpayer's figures of a year changed after one moment and up to
-- another, in order: income_change by step.
--
-- assets: of each asset that moved, in units, tenge and units to sell (asset is "" where nobody could read it).
-- registration_no, pool_id and period are given where the step is of one.
create macro income_step(taxpayer, of_year, of_role, since, until) as table
    with entries as (
        select
            *,
            coalesce(asset, '') as ticker
        from income_change(taxpayer, of_year, since, until)
        where role = of_role::varchar
    ),

    by_asset as (
        select
            moment,
            cause,
            reference,
            ticker,
            sum(quantity_difference)::decimal(38, 18) as quantity,
            sum(unvalued_difference)::decimal(38, 18) as unvalued_quantity,
            sum(income_kzt_difference)::decimal(38, 12) as income_kzt,
            sum(quantity_to_sell_difference)::decimal(38, 18) as quantity_to_sell
        from entries
        group by moment, cause, reference, ticker
    ),

    assets as (
        select
            moment,
            cause,
            reference,
            list(
                {
                    'asset': ticker,
                    'quantity': quantity,
                    'unvalued_quantity': unvalued_quantity,
                    'income_kzt': income_kzt,
                    'quantity_to_sell': quantity_to_sell
                }
                order by ticker
            ) as assets,
            sum(income_kzt)::decimal(38, 12) as income_kzt
        from by_asset
        group by moment, cause, reference
    ),

    steps as (
        select
            moment,
            cause,
            reference,
            case when count(distinct registration_no) = 1 then any_value(registration_no) end as registration_no,
            case when count(distinct pool_id) = 1 then any_value(pool_id) end as pool_id,
            case when count(distinct period) = 1 then any_value(period) end as period,
            count(distinct registration_no) as filing_count,
            any_value(ruleset) as ruleset,
            any_value(code_version) as code_version
        from entries
        group by moment, cause, reference
    )

    select
        steps.*,
        assets.assets,
        assets.income_kzt
    from steps
    inner join assets
        on
            steps.moment = assets.moment
            and steps.cause = assets.cause
            and steps.reference is not distinct from assets.reference
    order by steps.moment asc, steps.cause desc, steps.reference asc;
