-- Whether the asset is on the official price list of the day of receipt: only then has it a value (facts on valuation,
-- rules 4 and 6; Finance order № 172).
create macro internal.on_price_list(asset, day_of_receipt) as (
    exists (
        select 1
        from price_list
        where ticker = asset and day_of_receipt between valid_from and coalesce(valid_to, date '9999-12-31')
    )
);
