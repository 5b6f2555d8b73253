-- One row per filing in force and wallet or taxpayer that another filing reports otherwise (R-71 to R-73).
--
-- A wallet belongs to a taxpayer, a taxpayer has a name and a licence. Each filing is held against the others of its
-- month and of the last month before it in which the wallet or taxpayer is: so a change is found in the month in which
-- it comes, and of two filings that contradict each other in one month both are found. Filings with an answer in common
-- do not contradict each other: where one of them has several, its own examination has found that (R-65 to R-67).
-- Hardly anything is disputed: who wrote what where is looked up for that alone.
with in_force as (
    select
        filing_key,
        registration_no,
        pool_id,
        period
    from internal.in_force_as_known_on(getvariable('known_on'))
    where pool_id is not null and period is not null
),

stated as (
    select distinct
        taxpayer_id,
        taxpayer_name,
        licence_no,
        wallet
    from internal.stated_taxpayer
    where filing_key in (select filing_key from in_force) and taxpayer_id is not null
),

answered as (
    select
        'wallet' as question,
        text_key.key as subject,
        stated.taxpayer_id as answer
    from stated
    inner join text_key on stated.wallet = text_key.written and text_key.kind = 'wallet'
    union all
    select
        'name' as question,
        stated.taxpayer_id as subject,
        text_key.key as answer
    from stated
    inner join text_key on stated.taxpayer_name = text_key.written and text_key.kind = 'name'
    union all
    select
        'licence' as question,
        stated.taxpayer_id as subject,
        text_key.key as answer
    from stated
    inner join text_key on stated.licence_no = text_key.written and text_key.kind = 'licence'
),

disputed as (
    select
        question,
        subject
    from answered
    group by question, subject
    having min(answer) <> max(answer)
),

disputed_wallet as (
    select text_key.written
    from disputed
    inner join text_key on disputed.subject = text_key.key and text_key.kind = 'wallet'
    where disputed.question = 'wallet'
),

written as materialized (
    select
        filing_key,
        taxpayer_id,
        taxpayer_name,
        licence_no,
        licence_date,
        wallet,
        first_on,
        { 'file': file, 'sheet': sheet, 'row': row } as place,
        row_count
    from internal.stated_taxpayer
    where
        filing_key in (select filing_key from in_force)
        and (
            taxpayer_id in (
                select subject from disputed
                where question <> 'wallet'
            )
            or wallet in (select written from disputed_wallet)
        )
        and taxpayer_id is not null
),

licence_span as (
    select
        text_key.key as licence_key,
        max(licence.issued_on) as issued_on,
        max(licence.expires_on) as expires_on
    from licence
    inner join text_key on licence.licence_no = text_key.written and text_key.kind = 'licence'
    group by text_key.key
),

statements as (
    select
        'wallet' as question,
        written.filing_key,
        text_key.key as subject,
        written.taxpayer_id as answer,
        written.wallet as found,
        written.taxpayer_id as stated,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        written.first_on,
        written.place,
        written.row_count
    from written
    inner join text_key on written.wallet = text_key.written and text_key.kind = 'wallet'
    union all by name
    select
        'name' as question,
        written.filing_key,
        written.taxpayer_id as subject,
        text_key.key as answer,
        written.taxpayer_name as found,
        written.taxpayer_name as stated,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        written.first_on,
        written.place,
        written.row_count
    from written
    inner join text_key on written.taxpayer_name = text_key.written and text_key.kind = 'name'
    union all by name
    select
        'licence' as question,
        written.filing_key,
        written.taxpayer_id as subject,
        text_key.key as answer,
        written.licence_no as found,
        written.licence_no as stated,
        coalesce(licence_span.issued_on, written.licence_date) as valid_from,
        coalesce(
            licence_span.expires_on, coalesce(licence_span.issued_on, written.licence_date) + interval 3 year
        )::date as valid_to,
        written.first_on,
        written.place,
        written.row_count
    from written
    inner join text_key on written.licence_no = text_key.written and text_key.kind = 'licence'
    left join licence_span on text_key.key = licence_span.licence_key
),

answers as materialized (
    select
        statements.question,
        statements.subject,
        statements.filing_key,
        in_force.registration_no,
        in_force.pool_id,
        in_force.period,
        statements.answer,
        min(statements.stated) as stated,
        min(statements.valid_from) as valid_from,
        max(statements.valid_to) as valid_to,
        min(statements.first_on) as first_on,
        min(statements.place) as place,
        arg_min(statements.found, statements.place) as found,
        sum(statements.row_count)::integer as row_count
    from statements
    inner join disputed on statements.question = disputed.question and statements.subject = disputed.subject
    inner join in_force on statements.filing_key = in_force.filing_key
    group by all
),

appearing as (
    select
        question,
        subject,
        filing_key,
        registration_no,
        pool_id,
        period,
        coalesce(min(first_on), period) as first_on,
        min(place) as place,
        arg_min(found, place) as found,
        sum(row_count)::integer as row_count
    from answers
    group by question, subject, filing_key, registration_no, pool_id, period
),

months as (
    select
        question,
        subject,
        period,
        min(answer) as first_answer,
        max(answer) as last_answer
    from answers
    group by question, subject, period
),

months_in_order as (
    select
        question,
        subject,
        period,
        lag(period) over earlier as period_before,
        least(first_answer, lag(first_answer) over earlier) as first_answer,
        greatest(last_answer, lag(last_answer) over earlier) as last_answer
    from months
    window earlier as (partition by question, subject order by period)
),

compared as (
    select
        question,
        subject,
        period,
        unnest([period, period_before]) as other_period
    from months_in_order
    where first_answer <> last_answer
),

pairs as (
    select
        appearing.question,
        appearing.subject,
        appearing.filing_key,
        others.filing_key as other_key,
        count(own.answer) as answers_in_common,
        min({
            'is_of_another_pool': others.pool_id <> appearing.pool_id,
            'text':
            case
                -- Whose wallet it is by another pool's filing is no matter of this pool.
                when appearing.question = 'wallet' and others.pool_id <> appearing.pool_id
                    then others.registration_no
                else others.stated || ' (' || others.registration_no || ')'
            end
        }) filter (where appearing.first_on between others.valid_from and others.valid_to) as stated
    from appearing
    inner join compared
        on
            appearing.question = compared.question
            and appearing.subject = compared.subject
            and appearing.period = compared.period
    inner join answers as others
        on
            compared.question = others.question
            and compared.subject = others.subject
            and compared.other_period = others.period
            and appearing.filing_key <> others.filing_key
    left join answers as own
        on
            appearing.question = own.question
            and appearing.subject = own.subject
            and appearing.filing_key = own.filing_key
            and others.answer = own.answer
    group by appearing.question, appearing.subject, appearing.filing_key, others.filing_key
),

contradictions as (
    select
        question,
        subject,
        filing_key,
        min(stated)['text'] as stated
    from pairs
    where answers_in_common = 0 and stated is not null
    group by question, subject, filing_key
)

select
    appearing.registration_no,
    appearing.subject,
    'unreliable' as ground,
    case when appearing.question = 'wallet' then 'differs' end as wallet_owner,
    case when appearing.question = 'name' then 'differs' end as taxpayer_name,
    case when appearing.question = 'licence' then 'differs' end as taxpayer_licence,
    appearing.place['file'] as file,
    appearing.place['sheet'] as sheet,
    appearing.place['row'] as row,
    appearing.found,
    contradictions.stated as expected,
    appearing.row_count as occurrences
from appearing
inner join contradictions
    on
        appearing.question = contradictions.question
        and appearing.subject = contradictions.subject
        and appearing.filing_key = contradictions.filing_key
order by appearing.registration_no, appearing.question, appearing.subject;
