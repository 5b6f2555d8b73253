-- One row per row of the lake's files in the variable files, of one of its tables; what an older file lacks is as
-- LATER of lake/schema.py says.
with every_column as (
    select
        null::varchar as source,
        null::varchar as found_detail
    where false
    union all by name
    select * from read_parquet(getvariable('files'), hive_partitioning = false, union_by_name = true)
)

select
    * replace (coalesce(source, '1-ЦМ') as source),
    split_part(registration_no, '-', 1)::bigint * 1000000000 + split_part(registration_no, '-', 2)::bigint as filing_key
from every_column;
