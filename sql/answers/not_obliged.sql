-- One row per asset of which units received in a year and role need not be sold (para 11): of all taxpayers together,
-- or of one if taxpayer is not null.
--
-- reason: unknown_asset (not on the list of assets, on days without a rule for the role), not_unbacked, no_rule (no
-- share for the role or the days). What a rule would oblige if its class were decided is in the obligation, undecided.
-- asset is "" where nobody could read it.
create macro not_obliged(of_year, of_role, taxpayer) as table
    with received as (
        select
            asset,
            sum(quantity)::decimal(38, 18) as quantity
        from annual_income
        where
            year = of_year::integer
            and role = of_role::varchar
            and (taxpayer::varchar is null or taxpayer_id = taxpayer::varchar)
        group by asset
    ),

    obliged as (
        select
            asset,
            sum(base_quantity)::decimal(38, 18) as quantity
        from sale_obligation
        where
            year = of_year::integer
            and role = of_role::varchar
            and (taxpayer::varchar is null or taxpayer_id = taxpayer::varchar)
        group by asset
    ),

    known as (
        select
            ticker,
            bool_or(asset_class = 'unbacked') as is_unbacked
        from asset
        group by ticker
    )

    select
        coalesce(received.asset, '') as asset,
        case
            when known.ticker is null then 'unknown_asset'
            when not known.is_unbacked then 'not_unbacked'
            else 'no_rule'
        end as reason,
        (received.quantity - coalesce(obliged.quantity, 0))::decimal(38, 18) as quantity
    from received
    left join obliged on received.asset is not distinct from obliged.asset
    left join known on received.asset = known.ticker
    where received.quantity - coalesce(obliged.quantity, 0) <> 0;
