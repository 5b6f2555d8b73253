-- One row per filing in force and question to the register of pools (R-76, R-77).
--
-- Is the pool accredited in the month, is its name the registered one?
-- Only where reference/pool.csv has rows. What the examination has found already, by the register as it then stood
-- (R-19; R-20 and R-25), is left out.
with in_force as (
    select
        registration_no,
        pool_id,
        pool_name,
        period
    from internal.in_force_as_known_on(getvariable('known_on'))
    where pool_id is not null and exists (select 1 from pool)
),

already_found as (
    select distinct
        registration_no,
        case when rule_id = 'R-19' then 'accreditation' else 'name' end as question
    from internal.examination_finding
    where rule_id in ('R-19', 'R-20', 'R-25')
),

register as (
    select
        pool.pool_id,
        pool.pool_name,
        text_key.key as name_key,
        pool.accredited_from,
        coalesce(pool.accredited_to, date '9999-12-31') as accredited_to
    from pool
    left join text_key on pool.pool_name = text_key.written and text_key.kind = 'name'
),

named as (
    select
        in_force.*,
        text_key.key as name_key
    from in_force
    left join text_key on in_force.pool_name = text_key.written and text_key.kind = 'name'
),

judged as (
    select
        named.registration_no,
        named.pool_id,
        named.pool_name,
        named.period,
        bool_or(register.pool_id = named.pool_id) as is_registered,
        bool_or(
            register.pool_id = named.pool_id
            and register.accredited_from < named.period + interval 1 month
            and register.accredited_to >= named.period
        ) as is_accredited,
        bool_or(register.pool_id = named.pool_id and register.name_key = named.name_key) as is_named_so,
        arg_max(register.pool_name, register.accredited_from) filter (where register.pool_id = named.pool_id)
            as register_name,
        min(register.pool_id || ' ' || register.pool_name) filter (where register.name_key = named.name_key)
            as namesake
    from named
    cross join register
    group by named.registration_no, named.pool_id, named.pool_name, named.period
),

questions as (
    select
        registration_no,
        pool_id,
        'accreditation' as question,
        case when is_accredited or (period is null and is_registered) then 'accredited' else 'not_accredited' end
            as word,
        pool_id as found,
        null as expected
    from judged
    union all
    select
        registration_no,
        pool_id,
        'name' as question,
        case
            when is_named_so then 'agrees'
            when is_registered then 'differs'
            when namesake is not null then 'of_another_pool'
        end as word,
        pool_id || ' ' || pool_name as found,
        case when is_registered then pool_id || ' ' || register_name else namesake end as expected
    from judged
    where pool_name is not null
)

select
    questions.registration_no,
    questions.pool_id as subject,
    'unreliable' as ground,
    case when questions.question = 'accreditation' then questions.word end as pool_accreditation,
    case when questions.question = 'name' then questions.word end as pool_name,
    questions.found,
    questions.expected
from questions
left join already_found
    on questions.registration_no = already_found.registration_no and questions.question = already_found.question
where already_found.question is null or questions.word = 'of_another_pool'
order by questions.registration_no, questions.question;
