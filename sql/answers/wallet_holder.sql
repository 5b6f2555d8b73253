-- One row per wallet, pool and taxpayer: to whom distributions in force to a wallet went, and the first and last day
-- that could be read.
--
-- The wallet is sought as a whole, whatever its letter case.
create macro wallet_holder(sought) as table
    select
        wallet,
        pool_id,
        taxpayer_id,
        arg_max(taxpayer_name, registration_no) as taxpayer_name,
        min(distributed_on) as first_day,
        max(distributed_on) as last_day,
        count(*) as distributions,
        max(registration_no) as registration_no
    from distribution
    where lower(wallet) = lower(sought::varchar)
    group by wallet, pool_id, taxpayer_id;
