-- Decimals 10 to 18 of a number as an integer.
create macro rest_of(number) as (
    round(
        (fraction_of(number) - cut_at_9th_decimal(fraction_of(number)))::decimal(18, 18)::double * 1e18
    )::bigint
);
