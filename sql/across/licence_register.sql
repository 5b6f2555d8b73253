-- One row per filing in force and licence that the register of licences does not know or has otherwise (R-74, R-75).
--
-- Only where reference/licence.csv has rows. What the licence cell itself gives away (issued after the distribution,
-- older than three years) and numbers of taxpayers that are no numbers are left out: the examination has found them.
-- Only rows of licences that the register may contradict are read.
with in_force as (
    select
        filing_key,
        registration_no
    from internal.in_force_as_known_on(getvariable('known_on'))
),

register as (
    select
        text_key.key as licence_key,
        licence.miner_id,
        licence.issued_on,
        coalesce(licence.expires_on, licence.issued_on + interval 3 year)::date as expires_on
    from licence
    inner join text_key on licence.licence_no = text_key.written and text_key.kind = 'licence'
    qualify row_number() over (partition by text_key.key order by licence.issued_on desc, licence.licence_no asc) = 1
),

known as (
    select
        text_key.written as licence_no,
        text_key.key as licence_key,
        register.miner_id,
        register.issued_on,
        register.expires_on
    from text_key
    left join register on text_key.key = register.licence_key
    where text_key.kind = 'licence'
),

questioned as (
    select
        stated.filing_key,
        stated.licence_no
    from internal.stated_taxpayer as stated
    inner join known on stated.licence_no = known.licence_no
    where
        exists (select 1 from licence)
        and (
            known.miner_id is null
            or stated.taxpayer_id <> known.miner_id
            or stated.first_on < known.issued_on
            or stated.last_on > known.expires_on
        )
),

written as (
    select
        filing_key,
        file,
        sheet,
        row,
        taxpayer_id,
        taxpayer_id_state,
        licence_no,
        licence_date,
        distributed_on
    from internal.distribution_row
    where
        filing_key in (select filing_key from in_force)
        and (filing_key, licence_no) in (select (filing_key, licence_no) from questioned)
),

judged as (
    select
        written.*,
        known.* exclude (licence_no),
        { 'file': written.file, 'sheet': written.sheet, 'row': written.row } as place,
        case
            when known.miner_id is null then 'unknown'
            when written.taxpayer_id_state in ('ok', 'lost_zeros') and written.taxpayer_id <> known.miner_id
                then 'of_another'
            when
                written.distributed_on < known.issued_on
                and not coalesce(written.distributed_on < written.licence_date, false)
                then 'not_yet_issued'
            when
                written.distributed_on > known.expires_on
                and not coalesce(written.distributed_on > written.licence_date + interval 3 year, false)
                then 'expired'
        end as word
    from written
    inner join known on written.licence_no = known.licence_no
)

select
    in_force.registration_no,
    judged.licence_key as subject,
    'unreliable' as ground,
    arg_min(judged.word, judged.place) as licence_in_register,
    min(judged.place)['file'] as file,
    min(judged.place)['sheet'] as sheet,
    min(judged.place)['row'] as row,
    arg_min(judged.licence_no, judged.place) as found,
    any_value(
        judged.miner_id || ', ' || strftime(judged.issued_on, '%d.%m.%Y')
        || ' – ' || strftime(judged.expires_on, '%d.%m.%Y')
    ) as expected,
    count(*)::integer as occurrences
from judged
inner join in_force on judged.filing_key = in_force.filing_key
where judged.word is not null
group by in_force.registration_no, judged.licence_key
order by in_force.registration_no, judged.licence_key;
