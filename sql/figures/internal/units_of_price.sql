-- The whole tenge of a unit price. The largest price at the largest rate is 10^18, one more than units_of takes.
create macro internal.units_of_price(number) as (
    trunc(abs(number))::bigint
);
