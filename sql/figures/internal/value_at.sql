-- Quantity x unit price in tenge, rounded once at the 12th decimal, half away from zero: value_kzt, with the unit price
-- taken apart beforehand.
--
-- The product has up to 36 decimals, more than a decimal of 38 digits has room for. So quantity and unit price
-- (price x rate, 18 decimals) are multiplied as one does on paper, in digits of base 10^9:
--
--     quantity = units + billionths x 10^-9 + rest x 10^-18          (the same for the unit price)
--
-- The products are added up in units of the 12th decimal. What reaches further is added up in units of the 18th in an
-- integer of 64 bits, which divides many times faster than one of 128: there stand the billionths by the billionths,
-- and of the units by the rest those below a million, for a million of them is a whole unit of the 12th decimal. Of the
-- products that reach further still the carry alone. Half of a unit is added before the last division, which cuts.
create macro internal.value_at(quantity, price_units, price_billionths, price_rest) as (
    case when quantity < 0 then -1 else 1 end
    * (
        internal.units_of(quantity)::hugeint * price_units * 1000000000000
        + (
            internal.units_of(quantity)::hugeint * price_billionths
            + internal.billionths_of(quantity)::hugeint * price_units
        )
        * 1000
        + internal.units_of(quantity) // 1000000 * price_rest
        + (price_units // 1000000)::hugeint * internal.rest_of(quantity)
        + (
            internal.units_of(quantity) % 1000000 * price_rest
            + internal.billionths_of(quantity) * price_billionths
            + price_units % 1000000 * internal.rest_of(quantity)
            + (
                internal.billionths_of(quantity) * price_rest
                + internal.rest_of(quantity) * price_billionths
                + internal.rest_of(quantity) * price_rest // 1000000000
            ) // 1000000000
            + 500000
        ) // 1000000
    )::decimal(38, 0) * 0.000000000001
)::decimal(38, 12);
