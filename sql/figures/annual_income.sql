-- One row per year, role, taxpayer and asset: income from mining as reported by pools (para 3).
create view annual_income as
select * from annual_income_as_known_on(internal.last_moment());
