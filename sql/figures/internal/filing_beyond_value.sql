-- One row per filing of the work list that may be worth 10^15 tenge or more in all: its quantities at the highest
-- unit price that each asset ever had. That is enough to say which filings
-- figures/internal/row_beyond_value_due.sql must look at, and neither a day nor a row needs to be valued for it.
--
-- Each asset's quantities count together; a rough product, a little below the bound, is compared.
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro internal.filing_beyond_value(first_key, last_key) as table
    with received as (
        select
            filing_key,
            examination_no,
            asset,
            quantity
        from internal.examined_row
        where filing_key between first_key and last_key
        union all
        select
            filing_key,
            examination_no,
            reward_asset as asset,
            reward_quantity as quantity
        from internal.examined_row
        where filing_key between first_key and last_key
    ),

    held as (
        select
            filing_key,
            examination_no,
            asset,
            sum(abs(internal.counted_quantity(quantity)))::double as quantity
        from received
        where filing_key in (select filing_key from internal.filing_to_value)
        group by filing_key, examination_no, asset
    ),

    highest as (
        select
            asset,
            max(price::double * rate::double) as unit_price
        from internal.daily_asset
        group by asset
    )

    select held.filing_key
    from held
    inner join highest on held.asset = highest.asset
    group by held.filing_key, held.examination_no
    having sum(held.quantity * highest.unit_price) >= 9e14;
