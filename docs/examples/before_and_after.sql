select
    change,
    changed_columns,
    old_sheet,
    old_row,
    old_quantity,
    new_sheet,
    new_row,
    new_quantity
from filing_change
where registration_no = '2025-000045' and taxpayer_id = '160140000371' and asset = 'BCH';
