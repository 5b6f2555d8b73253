-- One row per letter that an officer approved and nobody sent, as of the day of the last build.
--
-- See approved_letter_as_of.
create view approved_letter as
select * from approved_letter_as_of((select as_of from build), internal.last_moment());
