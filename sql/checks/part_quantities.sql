-- A part's valued and unvalued quantities do not add up to its quantity, or nothing of it is valued and it has income.
select
    filing_key,
    role,
    taxpayer_id,
    asset,
    quantity,
    valued_quantity,
    unvalued_quantity,
    income_kzt
from internal.income_part
where
    filing_key in (select filing_key from internal.filing_unchecked)
    and (
        valued_quantity + unvalued_quantity <> quantity
        or (unvalued_quantity = quantity and row_count = 1 and quantity <> 0 and income_kzt <> 0)
    );
