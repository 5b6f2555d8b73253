-- One row per year and role: what the annual figures add up to, to hold a restored snapshot against the one backed up.
--
-- Tenge are added up over assets, units never: each is given with its asset.
with of_asset as (
    select
        year,
        role,
        coalesce(asset, '') as asset,
        count(*) as rows,
        sum(quantity)::decimal(38, 18)::varchar as quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(income_kzt) as income_kzt
    from annual_income
    group by all
)

select
    of_asset.year,
    of_asset.role,
    sum(of_asset.rows)::bigint as rows,
    (
        select count(distinct annual_income.taxpayer_id) from annual_income
        where annual_income.year is not distinct from of_asset.year and annual_income.role = of_asset.role
    ) as taxpayers,
    string_agg(of_asset.asset || ' ' || of_asset.quantity, ', ' order by of_asset.asset) as quantities,
    coalesce(
        string_agg(of_asset.asset || ' ' || of_asset.unvalued_quantity::varchar, ', ' order by of_asset.asset)
        filter (where of_asset.unvalued_quantity <> 0),
        '-'
    ) as unvalued_quantities,
    sum(of_asset.income_kzt) as income_kzt
from of_asset
group by of_asset.year, of_asset.role
order by of_asset.year, of_asset.role;
