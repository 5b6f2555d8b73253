-- One row per year, role, taxpayer, asset and share: what must be sold through exchanges licensed in AIFC (para 11).
--
-- An obligation in units of the asset. The form holds no sales, so whether it was met cannot be seen from it.
--
-- An asset on no list has class undecided: its quantity is here, its share and its quantity to sell are empty until a
-- person decides its class by a dated row of the list of assets. That is not 0, and it is left out of nothing.
create view sale_obligation as
select * from sale_obligation_as_known_on(internal.last_moment());
