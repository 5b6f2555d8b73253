-- One row per thing that an officer must do by a day (paras 5, 8 and 10), as of the day of the last build.
--
-- What is still to be done: state is open or overdue. How rows arise and close: see obligation_due_as_of.
create view obligation_due as
select * from obligation_due_as_of((select as_of from build), internal.last_moment());
