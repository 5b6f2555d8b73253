-- One row per year, role, taxpayer, asset and share: what must be sold through exchanges licensed in AIFC (para 11).
--
-- An obligation in units of the asset. The form holds no sales, so whether it was met cannot be seen from it.
create view sale_obligation as
select * from sale_obligation_as_known_on(internal.last_moment());
