-- Quantity x price x rate in tenge, rounded once at the 12th decimal, half away from zero (facts, valuation).
--
-- The product has up to 36 decimals, more than a decimal of 38 digits has room for. So quantity and unit price
-- (price x rate, 18 decimals) are multiplied as one does on paper, in digits of base 10^9:
--
--     quantity = units + billionths x 10^-9 + rest x 10^-18          (the same for the unit price)
--
-- Below, the products are added up in units of the 12th decimal; of those that reach further, the carry alone. Half of
-- such a unit is added before the last division, which cuts.
-- Exact for a quantity below 10^14 units, a unit price below 10^18 tenge and a value below 10^15 tenge.
create macro value_kzt(quantity, price, rate) as (
    case when quantity < 0 then -1 else 1 end
    * (
        internal.units_of(quantity) * internal.units_of(price * rate) * 1000000000000
        + (
            internal.units_of(quantity) * internal.billionths_of(price * rate)
            + internal.billionths_of(quantity) * internal.units_of(price * rate)
        )
        * 1000
        + (
            internal.units_of(quantity) * internal.rest_of(price * rate)
            + internal.billionths_of(quantity) * internal.billionths_of(price * rate)
            + internal.rest_of(quantity) * internal.units_of(price * rate)
            + (
                internal.billionths_of(quantity) * internal.rest_of(price * rate)
                + internal.rest_of(quantity) * internal.billionths_of(price * rate)
                + internal.rest_of(quantity) * internal.rest_of(price * rate) // 1000000000
            ) // 1000000000
            + 500000
        ) // 1000000
    )::decimal(38, 0) * 0.000000000001
)::decimal(38, 12);
