-- How much of all miners' income of 2025 do the largest ones have?
--
-- Para 3. Miners in the order of their income; the share of the first ten, half and all. What has no value is in no
-- sum, so a miner paid in unpriced assets stands too low.
with ranked as (
    select
        income_kzt,
        row_number() over (order by income_kzt desc, taxpayer_id asc) as place,
        count(*) over () as miners,
        sum(income_kzt) over () as whole_kzt
    from annual_income_total
    where year = 2025 and role = 'miner'
),

counted as (
    select unnest([1, 3, 10, max(miners) // 2, max(miners)]) as miners
    from ranked
)

select
    counted.miners,
    round(sum(ranked.income_kzt), 2) as income_kzt,
    round(100 * sum(ranked.income_kzt) / max(ranked.whole_kzt), 2) as percent
from ranked
inner join counted on ranked.place <= counted.miners
group by counted.miners
order by counted.miners;
