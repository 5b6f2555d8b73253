-- Decimals 1 to 9 of a number as an integer. Nine digits pass through a double unchanged, and faster than otherwise.
create macro internal.billionths_of(number) as (
    round(internal.cut_at_9th_decimal(internal.fraction_of(number))::double * 1e9)::bigint
);
