-- Decimals 1 to 9 of a number as an integer. Nine digits pass through a double unchanged, and faster than otherwise.
create macro billionths_of(number) as (
    round(cut_at_9th_decimal(fraction_of(number))::double * 1e9)::bigint
);
