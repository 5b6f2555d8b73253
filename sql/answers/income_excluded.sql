-- One row per quantity that is left out of the figures of a year (by the month of its filing), and what its cell holds.
--
-- taxpayer_id is the pool's for a reward (role pool).
create macro income_excluded(of_year) as table
    select
        case column_no when '9.2' then 'pool' else 'miner' end as role,
        case column_no when '9.2' then pool_id else taxpayer_id end as taxpayer_id,
        registration_no,
        file,
        sheet,
        row,
        column_no,
        found,
        reason,
        asset
    from excluded_row
    where year(period) = of_year::integer;
