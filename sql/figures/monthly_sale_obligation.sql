-- One row per month, role, taxpayer, asset and share: sale_obligation by month of distribution (para 11).
--
-- Each month is rounded up by itself; the year's obligation is rounded once, so the months may add up to more.
create view monthly_sale_obligation as
select * from monthly_sale_obligation_as_known_on(internal.last_moment());
