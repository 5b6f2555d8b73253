-- Whole days by which a day passed its term: 0 within it, null where the day or the term is not known.
--
-- greatest(null, 0) would be 0, as if what never came had come in time.
create macro internal.days_after(day, term) as (
    case
        when day::date > term::date then date_diff('day', term::date, day::date)
        when day::date <= term::date then 0
    end::integer
);
