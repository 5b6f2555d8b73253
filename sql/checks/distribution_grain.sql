-- A worksheet row of a filing is in the warehouse twice.
select
    registration_no,
    file,
    sheet,
    row,
    count(*) as times
from internal.distribution_row
where filing_key in (select filing_key from internal.filing_unchecked)
group by registration_no, file, sheet, row
having count(*) > 1;
