-- Which wallets received assets of more than one taxpayer, from when to when?
--
-- Para 10. One wallet under several taxpayers may be lawful (a common custodian) or a mistake in the form; it is a
-- reason to ask, and nothing more. Only distributions in force are looked at, over all years.
with shared as (
    select wallet
    from distribution
    group by wallet
    having count(distinct taxpayer_id) > 1
)

select
    distribution.wallet,
    distribution.taxpayer_id,
    max(distribution.taxpayer_name) as taxpayer_name,
    string_agg(distinct distribution.asset, ', ' order by distribution.asset) as assets,
    count(distinct distribution.registration_no) as filings,
    count(*) as distributions,
    min(distribution.distributed_on) as first_day,
    max(distribution.distributed_on) as last_day
from distribution
inner join shared on distribution.wallet = shared.wallet
group by distribution.wallet, distribution.taxpayer_id
order by distribution.wallet, first_day, distribution.taxpayer_id;
