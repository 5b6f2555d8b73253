-- One row per file of the lake in the variable files, as loaded_file has it: what it holds, as counted in the file
-- itself. Its path is as recorded: the variables found and recorded say of each file where it is, below the folder in
-- the variable lake, and where its verdict says that it is.
with place as (
    select
        unnest(getvariable('found')::varchar[]) as found,
        unnest(getvariable('recorded')::varchar[]) as path
),

every_column as (
    select
        null::decimal(38, 18) as quantity,
        null::decimal(38, 18) as reward_quantity,
        null::integer as occurrences
    where false
    union all by name
    select *
    from read_parquet(getvariable('files'), hive_partitioning = false, union_by_name = true, filename = true)
),

counted as (
    select
        substring(filename, length(getvariable('lake')) + 2) as found,
        any_value(registration_no) as registration_no,
        count(*) as row_count,
        coalesce(sum(internal.counted_quantity(quantity)), 0) as quantity,
        coalesce(sum(internal.counted_quantity(reward_quantity)), 0) as reward_quantity,
        coalesce(sum(occurrences), 0) as occurrences
    from every_column
    group by filename
)

select
    place.path,
    counted.registration_no,
    split_part(place.path, '/', 1) as relation,
    counted.row_count,
    counted.quantity,
    counted.reward_quantity,
    counted.occurrences
from counted
inner join place on counted.found = place.found;
