-- One row per distribution in force of a taxpayer and a year: trace_income with the printed column of the form and, for
-- a row without a value, why it has none.
--
-- reason: no_day (the day could not be read), unknown_asset, not_on_price_list, no_price, no_rate, beyond_value (worth
-- too much to be true, alone or with the other rows of the filing). asset is "" where nobody could read it.
create macro income_row(taxpayer, of_year) as table
    select
        role,
        registration_no,
        file,
        file_sha256,
        sheet,
        row,
        case role when 'pool' then '9.2' else '8' end as column_no,
        pool_id,
        period,
        wallet,
        distributed_on,
        coalesce(asset, '') as asset,
        quantity,
        price,
        currency,
        price_date,
        rate,
        rate_date,
        value_kzt,
        case
            when value_kzt is not null then null
            when distributed_on is null then 'no_day'
            when price is null and asset not in (select ticker from asset) then 'unknown_asset'
            when
                price is null and not internal.on_price_list(asset, distributed_on)
                then 'not_on_price_list'
            when price is null then 'no_price'
            when rate is null then 'no_rate'
            else 'beyond_value'
        end as reason,
        internal.by_transcription(source) as is_transcribed
    from trace_income(taxpayer, of_year);
