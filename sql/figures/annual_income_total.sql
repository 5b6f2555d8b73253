-- One row per year, role and taxpayer: the annual income of all assets, and which assets have no value yet (para 3).
create view annual_income_total as
select * from annual_income_total_as_known_on(internal.last_moment());
