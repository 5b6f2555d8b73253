-- One row per filing of the work list that may be worth 10^15 tenge or more in all. A rough sum, a little below it, is
-- enough to say which filings figures/internal/row_beyond_value_due.sql must look at.
--
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro internal.filing_beyond_value(first_key, last_key) as table
    with received as (
        select
            filing_key,
            examination_no,
            distributed_on,
            asset,
            quantity
        from internal.examined_row
        where filing_key between first_key and last_key
        union all
        select
            filing_key,
            examination_no,
            distributed_on,
            reward_asset as asset,
            reward_quantity as quantity
        from internal.examined_row
        where filing_key between first_key and last_key
    )

    select received.filing_key
    from received
    inner join internal.daily_asset on received.distributed_on = daily_asset.day and received.asset = daily_asset.asset
    where
        received.filing_key in (select filing_key from internal.filing_to_value)
        and abs(received.quantity) <= daily_asset.largest_quantity
    group by received.filing_key, received.examination_no, daily_asset.known_to
    having sum(abs(received.quantity::double) * daily_asset.price::double * daily_asset.rate::double) >= 9e14;
