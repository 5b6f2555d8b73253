-- One row per question that only an officer can answer (paras 5, 6, 8 and 10), as of the day of the last build.
--
-- How questions arise and close: see question_as_of.
create view question as
select * from question_as_of((select as_of from build), internal.last_moment());
