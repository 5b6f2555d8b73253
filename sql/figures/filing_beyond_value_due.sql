-- One row per filing of the work list, examination and end of knowledge that is worth too much to be true; a rough sum
-- is enough to tell.
--
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro filing_beyond_value_due(first_key, last_key) as table
    with received as (
        select
            filing_key,
            examination_no,
            distributed_on,
            asset,
            quantity
        from examined_row
        where filing_key between first_key and last_key
        union all
        select
            filing_key,
            examination_no,
            distributed_on,
            reward_asset as asset,
            reward_quantity as quantity
        from examined_row
        where filing_key between first_key and last_key
    )

    select
        received.filing_key,
        received.examination_no,
        daily_asset.known_to
    from received
    inner join daily_asset on received.distributed_on = daily_asset.day and received.asset = daily_asset.asset
    where
        received.filing_key in (select filing_key from filing_to_value)
        and abs(received.quantity) <= daily_asset.largest_quantity
    group by received.filing_key, received.examination_no, daily_asset.known_to
    having sum(abs(received.quantity::double) * daily_asset.price::double * daily_asset.rate::double) >= 1e15;
