-- One row per identity of the warehouse as a whole.
create view internal.reconciliation_overall as
with filings as (
    select
        count(*) as registered,
        count(*) filter (where status = 'accepted') as accepted,
        count(*) filter (where status = 'superseded') as superseded,
        count(*) filter (where status = 'refused') as refused,
        count(*) filter (where status = 'registered') as waiting,
        (
            select coalesce(sum(last_serial), 0)
            from (
                select max(filing_key % 1000000000) as last_serial
                from internal.registered
                group by filing_key // 1000000000
            ) as years
        ) as last_serials
    from filing
),

examined as (
    select
        coalesce(sum(row_count), 0) as row_count,
        coalesce(sum(row_count) filter (where status = 'accepted'), 0) as accepted_rows,
        coalesce(sum(row_count) filter (where status = 'superseded'), 0) as superseded_rows,
        coalesce(sum(row_count) filter (where status = 'refused'), 0) as refused_rows,
        coalesce(sum(row_count) filter (where status = 'registered'), 0) as waiting_rows
    from filing
),

stored as (
    select
        (select count(*) from internal.distribution_row) as row_count,
        coalesce(sum(row_count), 0) as rows_by_filing,
        coalesce(sum(quantity), 0) as quantity,
        coalesce(sum(reward_quantity), 0) as reward_quantity
    from internal.stored_rows
),

in_files as (
    select
        coalesce(sum(row_count) filter (where relation = 'distribution'), 0) as row_count,
        coalesce(sum(quantity), 0) as quantity,
        coalesce(sum(reward_quantity), 0) as reward_quantity,
        coalesce(sum(occurrences), 0) as occurrences
    from internal.loaded_file
),

findings as (
    select coalesce(sum(occurrences), 0) as occurrences from internal.examination_finding
),

in_force as (
    select filing_key from internal.in_force_as_known_on(internal.last_moment())
),

in_force_rows as (
    select coalesce(sum(row_count), 0) as row_count
    from filing
    where filing_key in (select filing_key from in_force)
),

-- Rows of filings without any reward: no asset and a quantity of 0 (not an empty cell). The pool received nothing.
without_reward as (
    select count(*) as row_count
    from internal.distribution_row
    where
        reward_asset is null
        and reward_quantity = 0
        and filing_key in (select filing_key from in_force)
),

left_out as (
    select
        count(*) filter (where column_no = '8') as quantities,
        count(*) filter (where column_no = '9.2') as rewards
    from internal.unreadable_quantity
    where filing_key in (select filing_key from in_force)
),

ledger_rows as (
    select
        coalesce(sum(row_count) filter (where role = 'miner'), 0) as miner_rows,
        coalesce(sum(row_count) filter (where role = 'pool'), 0) as pool_rows
    from internal.current_part
    where filing_key in (select filing_key from in_force)
),

identities as (
    select
        'filings registered = accepted + superseded + refused + not yet examined' as identity,
        registered as left_value,
        accepted + superseded + refused + waiting as right_value
    from filings
    union all
    select
        'last numbers of the years = filings registered' as identity,
        last_serials as left_value,
        registered as right_value
    from filings
    union all
    select
        'rows examined = rows in the warehouse' as identity,
        examined.row_count as left_value,
        stored.row_count as right_value
    from examined
    cross join stored
    union all
    select
        'rows in the warehouse = rows accepted + superseded + refused + waiting' as identity,
        stored.row_count as left_value,
        examined.accepted_rows + examined.superseded_rows + examined.refused_rows + examined.waiting_rows
            as right_value
    from examined
    cross join stored
    union all
    select
        'rows in Parquet = rows in the warehouse' as identity,
        in_files.row_count as left_value,
        stored.row_count as right_value
    from in_files
    cross join stored
    union all
    select
        'rows in the warehouse = rows of the filings added up' as identity,
        stored.row_count as left_value,
        stored.rows_by_filing as right_value
    from stored
    union all
    select
        'quantity in Parquet = quantity in the warehouse' as identity,
        in_files.quantity as left_value,
        stored.quantity as right_value
    from in_files
    cross join stored
    union all
    select
        'reward in Parquet = reward in the warehouse' as identity,
        in_files.reward_quantity as left_value,
        stored.reward_quantity as right_value
    from in_files
    cross join stored
    union all
    select
        'findings in Parquet = findings in the warehouse' as identity,
        in_files.occurrences as left_value,
        findings.occurrences as right_value
    from in_files
    cross join findings
    union all
    select
        'rows in force = quantities counted + quantities excluded' as identity,
        in_force_rows.row_count as left_value,
        ledger_rows.miner_rows + left_out.quantities as right_value
    from in_force_rows
    cross join ledger_rows
    cross join left_out
    union all
    select
        'rows in force = rewards counted + rewards excluded' as identity,
        in_force_rows.row_count - without_reward.row_count as left_value,
        ledger_rows.pool_rows + left_out.rewards as right_value
    from in_force_rows
    cross join without_reward
    cross join ledger_rows
    cross join left_out
)

select
    identity,
    left_value::decimal(38, 18) as left_value,
    right_value::decimal(38, 18) as right_value,
    (left_value - right_value)::decimal(38, 18) as difference,
    left_value = right_value as holds,
    null::integer as year
from identities;
