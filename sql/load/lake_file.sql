-- One row per file of the lake in the variable files, as loaded_file has it: what it holds, as counted in the file
-- itself. Its path is below the folder in the variable lake.
with every_column as (
    select
        null::decimal(38, 18) as quantity,
        null::decimal(38, 18) as reward_quantity,
        null::integer as occurrences
    where false
    union all by name
    select *
    from read_parquet(getvariable('files'), hive_partitioning = false, union_by_name = true, filename = true)
)

select
    substring(filename, length(getvariable('lake')) + 2) as path,
    any_value(registration_no) as registration_no,
    split_part(path, '/', 1) as relation,
    count(*) as row_count,
    coalesce(sum(internal.counted_quantity(quantity)), 0) as quantity,
    coalesce(sum(internal.counted_quantity(reward_quantity)), 0) as reward_quantity,
    coalesce(sum(occurrences), 0) as occurrences
from every_column
group by filename;
