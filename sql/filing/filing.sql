-- One row per registered filing (para 7), with what became of it.
--
-- Kind, the filing it replaces and its status follow from the order of arrival; see filing_as_known_on.
create view filing as
select * from filing_as_known_on(internal.last_moment());
