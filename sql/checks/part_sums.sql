-- The parts of an accepted filing do not add up to its rows: to their quantities, or to what these are worth.
--
-- Quantities are held against those counted when the filing was loaded. Their worth is reckoned by another way than
-- the parts': of a day and asset the quantities are added up first and valued at once. That may differ from a sum of
-- values by the rounding, at most half of a 12th decimal a value. Quantities from 10^7 units on are valued row by row,
-- so that no sum reaches 10^14 units.
with accepted as (
    select
        filing_key,
        registration_no
    from examination
    where
        is_latest
        and accepted_from is not null
        and filing_key in (select filing_key from internal.filing_unchecked)
),

by_day as (
    select
        row_value.filing_key,
        row_value.role,
        count(*) as row_count,
        internal.value_at(
            sum(row_value.valued_quantity)::decimal(38, 18),
            daily_asset.price_units,
            daily_asset.price_billionths,
            daily_asset.price_rest
        ) as value_kzt
    from internal.row_value
    inner join accepted on row_value.filing_key = accepted.filing_key
    inner join internal.daily_asset
        on
            row_value.day = daily_asset.day
            and row_value.asset = daily_asset.asset
            and row_value.known_to = daily_asset.known_to
    where
        row_value.is_latest
        and row_value.known_to = internal.last_moment()
        and row_value.valued_quantity is not null
    group by
        row_value.filing_key,
        row_value.role,
        daily_asset.day,
        daily_asset.asset,
        daily_asset.price_units,
        daily_asset.price_billionths,
        daily_asset.price_rest,
        case when abs(row_value.valued_quantity) >= 10000000 then row_value.row end
),

by_rows as (
    select
        filing_key,
        role,
        sum(row_count) + count(*) as roundings,
        sum(value_kzt) as income_kzt
    from by_day
    group by filing_key, role
),

by_parts as (
    select
        filing_key,
        role,
        sum(quantity) as quantity,
        sum(income_kzt) as income_kzt
    from internal.income_ledger
    where filing_key in (select filing_key from accepted)
    group by filing_key, role
),

roles as (
    select
        accepted.registration_no,
        accepted.filing_key,
        'miner' as role,
        stored_rows.quantity
    from accepted
    inner join internal.stored_rows on accepted.filing_key = stored_rows.filing_key
    union all
    select
        accepted.registration_no,
        accepted.filing_key,
        'pool' as role,
        stored_rows.reward_quantity as quantity
    from accepted
    inner join internal.stored_rows on accepted.filing_key = stored_rows.filing_key
)

select
    roles.registration_no,
    roles.role,
    roles.quantity as row_quantity,
    by_parts.quantity as part_quantity,
    by_rows.income_kzt as row_income_kzt,
    by_parts.income_kzt as part_income_kzt
from roles
left join by_parts on roles.filing_key = by_parts.filing_key and roles.role = by_parts.role
left join by_rows on roles.filing_key = by_rows.filing_key and roles.role = by_rows.role
where
    roles.quantity <> coalesce(by_parts.quantity, 0)
    or abs(coalesce(by_rows.income_kzt, 0) - coalesce(by_parts.income_kzt, 0))
    > coalesce(by_rows.roundings, 0) * 0.0000000000005;
