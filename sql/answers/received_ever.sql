-- One row per taxpayer and asset: units that filings in force distributed to it as a miner, in all years.
create macro received_ever() as table
    select
        taxpayer_id,
        asset,
        sum(quantity)::decimal(38, 18) as quantity
    from annual_income
    where role = 'miner'
    group by taxpayer_id, asset;
