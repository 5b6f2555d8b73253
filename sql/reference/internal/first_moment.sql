-- The moment from which counts what was known from the beginning: before all that is on record, and finite, because not
-- every engine has infinite ones.
create macro internal.first_moment() as (
    timestamptz '1970-01-01 00:00:00+00'
);
