-- One row per quantity, columns 8 and 9.2, of the lake's files of distributions in the variable files: as written, and
-- why no figure can hold it, null where one can.
with every_row as (
    select
        *,
        split_part(registration_no, '-', 1)::bigint * 1000000000 + split_part(registration_no, '-', 2)::bigint
            as filing_key
    from read_parquet(getvariable('files'), hive_partitioning = false, union_by_name = true)
),

every_quantity as (
    select
        filing_key,
        registration_no,
        file,
        sheet,
        row,
        '8' as column_no,
        taxpayer_id,
        asset,
        quantity,
        quantity_text as found
    from every_row
    union all
    select
        filing_key,
        registration_no,
        file,
        sheet,
        row,
        '9.2' as column_no,
        taxpayer_id,
        reward_asset as asset,
        reward_quantity as quantity,
        reward_quantity_text as found
    from every_row
)

select
    *,
    case
        when internal.counted_quantity(quantity) is not null then null
        when quantity is not null then 'too_large'
        when found is null then 'empty'
        else 'unreadable'
    end as reason
from every_quantity;
