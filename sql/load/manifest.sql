-- One row per Parquet file of the lake that a verdict names, as lake/manifest.parquet lists it, its path as recorded.
--
-- Examinations that an officer gave up are left out: their files count for nothing.
with in_force as (
    select
        filing_key,
        examination_no
    from internal.in_force_as_known_on(internal.last_moment())
),

named as (
    select
        named_file.path,
        split_part(named_file.path, '/', 1) as relation,
        split_part(split_part(named_file.path, '/', 2), '=', 2) as month,
        named_file.registration_no,
        named_file.examination_no,
        named_file.sha256,
        examination.filing_key,
        examination.is_latest,
        examination.verdict,
        examination.row_count
    from internal.named_file as named_file
    inner join examination
        on
            named_file.registration_no = examination.registration_no
            and named_file.examination_no = examination.examination_no
    where not examination.rows_lost
)

select
    named.path,
    named.relation,
    named.month,
    named.registration_no,
    named.examination_no,
    named.is_latest,
    named.verdict,
    in_force.filing_key is not null as in_force,
    case named.relation
        when 'filing' then 1
        when 'distribution' then named.row_count
        when 'finding' then case when named.is_latest then coalesce(loaded_file.row_count, 0) end
    end as row_count,
    named.sha256
from named
left join in_force
    on named.filing_key = in_force.filing_key and named.examination_no = in_force.examination_no
left join internal.loaded_file as loaded_file on named.path = loaded_file.path
order by named.path;
