-- An accepted filing with rows that can be counted has no part in the figures, or its work is not done.
with counted as (
    select
        registration_no,
        count(*) as excluded
    from internal.unreadable_quantity
    group by registration_no
)

select
    examination.registration_no,
    examination.row_count,
    coalesce(counted.excluded, 0) as excluded
from examination
left join counted on examination.registration_no = counted.registration_no
where
    examination.is_latest
    and examination.accepted_from is not null
    and (
        (
            2 * examination.row_count > coalesce(counted.excluded, 0)
            and examination.filing_key not in (select distinct filing_key from internal.current_part)
        )
        or examination.filing_key in (select filing_key from internal.filing_to_value)
    );
