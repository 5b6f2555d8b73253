-- The effect of a correction is not the difference of the two filings' values, or not that of their rows.
with unchecked as (
    select registered.registration_no
    from internal.filing_unchecked
    inner join internal.registered on filing_unchecked.filing_key = registered.filing_key
),

correction as (
    select
        filing.registration_no,
        filing.filing_key,
        registered.filing_key as replaced_key
    from filing
    inner join internal.registered on filing.replaces = registered.registration_no
    where
        filing.kind = 'correction'
        and filing.verdict = 'accepted'
        and (
            filing.registration_no in (select registration_no from unchecked)
            or filing.replaces in (select registration_no from unchecked)
        )
),

signed as (
    select
        registration_no,
        filing_key,
        1 as sign
    from correction
    union all
    select
        registration_no,
        replaced_key as filing_key,
        -1 as sign
    from correction
),

ledger as (
    select
        signed.registration_no,
        current_part.role,
        sum(signed.sign * current_part.quantity) as quantity,
        sum(signed.sign * current_part.income_kzt) as income_kzt
    from internal.current_part
    inner join signed on current_part.filing_key = signed.filing_key
    group by signed.registration_no, current_part.role
),

effect as (
    select
        registration_no,
        role,
        sum(quantity_difference) as quantity,
        sum(income_kzt_difference) as income_kzt
    from filing_effect
    where registration_no in (select registration_no from correction)
    group by registration_no, role
),

row_changes as (
    select
        registration_no,
        unnest(['miner', 'pool']) as role,
        unnest([
            coalesce(internal.counted_quantity(new_quantity), 0) - coalesce(internal.counted_quantity(old_quantity), 0),
            coalesce(internal.counted_quantity(new_reward_quantity), 0)
            - coalesce(internal.counted_quantity(old_reward_quantity), 0)
        ]) as quantity
    from filing_change
    where registration_no in (select registration_no from correction)
),

by_row as (
    select
        registration_no,
        role,
        sum(quantity) as quantity
    from row_changes
    group by registration_no, role
)

select
    ledger.registration_no,
    ledger.role,
    ledger.quantity as ledger_quantity,
    effect.quantity as effect_quantity,
    by_row.quantity as row_quantity,
    ledger.income_kzt as ledger_income_kzt,
    effect.income_kzt as effect_income_kzt
from ledger
left join effect on ledger.registration_no = effect.registration_no and ledger.role = effect.role
left join by_row on ledger.registration_no = by_row.registration_no and ledger.role = by_row.role
where
    ledger.quantity <> coalesce(effect.quantity, 0)
    or ledger.income_kzt <> coalesce(effect.income_kzt, 0)
    or ledger.quantity <> coalesce(by_row.quantity, 0);
