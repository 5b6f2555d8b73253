-- A fraction cut at its 9th decimal. A cast rounds half up, so half a billionth is taken off before it.
create macro internal.cut_at_9th_decimal(fraction) as (
    (greatest(fraction - 0.0000000005::decimal(18, 18), 0)::decimal(18, 18))::decimal(18, 9)
);
