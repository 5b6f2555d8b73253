-- A registration number is missing between the first of a year and the last (para 7).
with expected as (
    select
        registration_no,
        filing_key,
        row_number() over (partition by filing_key // 1000000000 order by filing_key) as position
    from internal.registered
)

select
    registration_no,
    filing_key % 1000000000 as serial,
    position as expected_serial
from expected
where filing_key % 1000000000 <> position;
