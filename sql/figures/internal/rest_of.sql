-- Decimals 10 to 18 of a number as an integer.
create macro internal.rest_of(number) as (
    round(
        (internal.fraction_of(number) - internal.cut_at_9th_decimal(internal.fraction_of(number)))::decimal(
            18, 18
        )::double
        * 1e18
    )::bigint
);
