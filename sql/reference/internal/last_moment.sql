-- The moment until which counts what nothing has replaced: after all that will be on record, and finite, because not
-- every engine has infinite ones.
create macro internal.last_moment() as (
    timestamptz '9999-12-31 00:00:00+00'
);
