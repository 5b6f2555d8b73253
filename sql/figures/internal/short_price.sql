-- A unit price with 4 decimals: null where it has more, or is 10^14 tenge or more. Times a short quantity it needs no
-- rounding: 8 decimals and 4 make the 12 of a value (figures/internal/row_value.sql).
create macro internal.short_price(number) as (
    case when try_cast(number as decimal(18, 4)) = number then try_cast(number as decimal(18, 4)) end
);
