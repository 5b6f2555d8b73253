-- Who received assets for the first time in 2025, and who for the last time before December 2025?
--
-- Para 3. By the months of the distributions in force. A month without distributions creates no duty, so who went may
-- have stopped mining, or changed to a pool that has not filed: the calendar shows which months are missing.
with changed as (
    select
        'came' as change,
        taxpayer.*
    from taxpayer
    where taxpayer.first_period between date '2025-01-01' and date '2025-12-01'
    union all
    select
        'went' as change,
        taxpayer.*
    from taxpayer
    where taxpayer.last_period between date '2025-01-01' and date '2025-11-01'
)

select
    change,
    taxpayer_id,
    taxpayer_name,
    strftime(first_period, '%Y-%m') as first_month,
    strftime(last_period, '%Y-%m') as last_month,
    pools
from changed
order by change, first_period, last_period, taxpayer_id;
