-- How much of each asset has to be sold for 2025?
--
-- Para 11. The share of what miners received, by the share in force on the day of distribution, rounded up once for
-- each taxpayer at the asset's smallest unit; the sum adds up those rounded quantities. It is an obligation in units:
-- the form holds no sales, so it does not show whether anything was sold. An asset on no list is there as undecided,
-- with its quantity alone, until a dated row of the law's table decides its class.
select
    asset,
    asset_class,
    share,
    count(distinct taxpayer_id) as taxpayers,
    sum(base_quantity) as received,
    sum(quantity_to_sell) as to_be_sold
from sale_obligation
where year = 2025
group by asset, asset_class, share
order by asset, share;
