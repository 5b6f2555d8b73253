-- One row per data row of Annex 2 in an examination that a later one of the same filing replaced.
--
-- Shaped like distribution_row; needed only for what the figures were while that examination counted.
create table internal.earlier_row as
select * from internal.distribution_row
where false;
