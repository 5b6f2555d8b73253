-- One row per pool and period: whether what was due has come (para 5), as of the day of the last build.
--
-- How the states come about: see filing_calendar_as_of.
create view filing_calendar as
select * from filing_calendar_as_of((select as_of from build), internal.last_moment());
