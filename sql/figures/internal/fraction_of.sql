-- What a number has behind the decimal point, without its sign; up to 18 decimals.
create macro internal.fraction_of(number) as (
    (abs(number) - trunc(abs(number)))::decimal(18, 18)
);
