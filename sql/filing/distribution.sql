-- One row per distribution in force: the current accepted version of its pool and period (paras 4 and 6).
create view distribution as
select * from distribution_as_known_on(internal.last_moment());
