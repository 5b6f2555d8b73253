-- One row per moment at which figures of a year and role changed, in units or tenge: of all taxpayers together, or of
-- one if taxpayer is not null.
create macro income_moment(of_year, of_role, taxpayer) as table
    select distinct moment
    from internal.income_entry_by_share
    where
        year = of_year::integer
        and role = of_role::varchar
        and (taxpayer::varchar is null or taxpayer_id = taxpayer::varchar)
        and (quantity_difference <> 0 or unvalued_difference <> 0 or income_kzt_difference <> 0);
