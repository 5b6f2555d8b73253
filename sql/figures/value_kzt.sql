-- Quantity x price x rate in tenge, rounded once at the 12th decimal, half away from zero (facts, valuation).
--
-- Exact for a quantity below 10^14 units, a unit price up to 10^18 tenge and a value below 10^15 tenge; how, is told in
-- figures/internal/value_at.sql.
create macro value_kzt(quantity, price, rate) as (
    internal.value_at(
        quantity,
        internal.units_of_price(price * rate),
        internal.billionths_of(price * rate),
        internal.rest_of(price * rate)
    )
);
