-- One row per asset that miners received in the months from first_month to last_month, as known on a moment; prices and
-- rates as of now.
create macro quality_asset(first_month, last_month, of_pool, known_on) as table
    select
        asset,
        sum(quantity)::decimal(38, 18) as quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity
    from internal.income_part_as_known_on(known_on::timestamptz)
    where
        role = 'miner'
        and period between first_month::date and last_month::date
        and (of_pool::varchar is null or coalesce(pool_id, '') = of_pool::varchar)
    group by asset;
