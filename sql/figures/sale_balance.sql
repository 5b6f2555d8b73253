-- One row per year, taxpayer and asset: what a miner must sell, held against the sales known to the office (para 11).
--
-- Known are the trades of reference/sale.csv, by the year of the local day of sale. They never prove that more was not
-- sold: the form holds no sales, and whether a sale off an exchange counts is open. A sale counts in its year, even one
-- before the distribution. open_quantity is never below 0: what was sold beyond the obligation is in sold_above.
-- An asset whose class is undecided has no obligation yet, so neither of them. Sales without an obligation are here.
-- doubt: unknown_taxpayer (not in the filings), above_distributed (more of the asset was sold in all years than filings
-- ever distributed to the taxpayer).
create view sale_balance as
with owed as (
    select
        year,
        taxpayer_id,
        asset,
        any_value(taxpayer_name) as taxpayer_name,
        min(asset_class) as asset_class,
        sum(base_quantity)::decimal(38, 18) as base_quantity,
        sum(quantity_to_sell)::decimal(38, 18) as obligation
    from sale_obligation
    where role = 'miner'
    group by year, taxpayer_id, asset
),

sold as (
    select
        year(sold_on)::integer as year,
        taxpayer_id,
        asset,
        sum(quantity)::decimal(38, 18) as sold,
        count(*) as trade_count
    from sale
    group by year(sold_on), taxpayer_id, asset
),

sold_ever as (
    select
        taxpayer_id,
        asset,
        sum(sold) as sold
    from sold
    group by taxpayer_id, asset
),

doubted as (
    select
        sold_ever.taxpayer_id,
        sold_ever.asset,
        case
            when named.taxpayer_id is null then 'unknown_taxpayer'
            when sold_ever.sold > coalesce(received.quantity, 0) then 'above_distributed'
        end as doubt
    from sold_ever
    left join taxpayer as named on sold_ever.taxpayer_id = named.taxpayer_id
    left join received_ever() as received
        on sold_ever.taxpayer_id = received.taxpayer_id and sold_ever.asset = received.asset
),

balance as (
    select
        coalesce(owed.year, sold.year) as year,
        coalesce(owed.taxpayer_id, sold.taxpayer_id) as taxpayer_id,
        owed.taxpayer_name,
        coalesce(owed.asset, sold.asset) as asset,
        owed.asset_class,
        coalesce(owed.base_quantity, 0)::decimal(38, 18) as base_quantity,
        case when owed.asset_class is null then 0 else owed.obligation end::decimal(38, 18) as obligation,
        coalesce(sold.sold, 0)::decimal(38, 18) as sold,
        coalesce(sold.trade_count, 0) as trade_count
    from owed
    full join sold
        on
            owed.year = sold.year
            and owed.taxpayer_id = sold.taxpayer_id
            and owed.asset = sold.asset
)

select
    balance.year,
    balance.taxpayer_id,
    coalesce(balance.taxpayer_name, taxpayer.taxpayer_name) as taxpayer_name,
    balance.asset,
    balance.asset_class,
    balance.base_quantity,
    balance.obligation,
    balance.sold,
    case
        when balance.obligation is not null then greatest(balance.obligation - balance.sold, 0)
    end::decimal(38, 18) as open_quantity,
    case
        when balance.obligation is not null then greatest(balance.sold - balance.obligation, 0)
    end::decimal(38, 18) as sold_above,
    balance.trade_count,
    case when balance.trade_count > 0 then doubted.doubt end as doubt
from balance
left join doubted
    on balance.taxpayer_id = doubted.taxpayer_id and balance.asset = doubted.asset
left join taxpayer on balance.taxpayer_id = taxpayer.taxpayer_id;
