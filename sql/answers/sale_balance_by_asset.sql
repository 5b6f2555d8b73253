-- One row per asset of the sales known to the office and the obligations of a year, all taxpayers together.
--
-- What is open is added up taxpayer by taxpayer: what one sold above his obligation closes nobody else's.
create macro sale_balance_by_asset(of_year) as table
    select
        asset,
        sum(obligation)::decimal(38, 18) as obligation,
        sum(sold)::decimal(38, 18) as sold,
        sum(open_quantity)::decimal(38, 18) as open_quantity,
        sum(sold_above)::decimal(38, 18) as sold_above,
        sum(trade_count)::bigint as trade_count,
        count(*) filter (where trade_count > 0) as taxpayer_count,
        count(doubt) as doubt_count
    from sale_balance
    where year = of_year::integer
    group by asset;
