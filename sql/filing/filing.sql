-- One row per registered filing (para 7), with what became of it.
--
-- Kind, the filing it replaces and its status follow from the order of arrival among the filings of one pool and
-- period. A filing whose pool or period nobody could read stands alone. A correction's term (para 6) runs from the
-- declared day of change; without that day its timeliness is not determinable and stays empty.
create view filing as
with examined as (
    select
        registered.*,
        examination.examination_no,
        examination.examined_at,
        examination.verdict,
        examination.pool_id,
        examination.pool_name,
        examination.period,
        examination.row_count,
        examination.excluded_count,
        examination.form_version,
        examination.ruleset,
        examination.pool_id is not null and examination.period is not null as is_identified
    from registered
    left join examination
        on registered.filing_key = examination.filing_key and examination.is_latest
),

keyed as (
    select
        *,
        case when is_identified then pool_id || ' ' || period::varchar else registration_no end as pool_month,
        case when verdict = 'accepted' then registration_no end as accepted_no,
        case when verdict = 'refused' then registration_no end as refused_no
    from examined
),

in_sequence as (
    select
        *,
        last_value(accepted_no ignore nulls) over earlier as accepted_before,
        last_value(refused_no ignore nulls) over earlier as refused_before,
        count(accepted_no) over later as accepted_after
    from keyed
    window
        earlier as (
            partition by pool_month order by received_at, filing_key
            rows between unbounded preceding and 1 preceding
        ),
        later as (
            partition by pool_month order by received_at, filing_key
            rows between 1 following and unbounded following
        )
),

told as (
    select
        *,
        case
            when accepted_before is not null then 'correction'
            when refused_before is not null then 'refiling'
            else 'new'
        end as kind
    from in_sequence
),

due as (
    select
        told.*,
        case when kind = 'correction' then correction_due_on else period_term.due_on end as due_on,
        case when kind = 'correction' then correction_due_on else period_term.due_effective_on end as due_effective_on
    from told
    left join period_term on told.period = period_term.period
)

select
    registration_no,
    received_at,
    registered_on,
    examine_by,
    examined_at as decided_at,
    verdict,
    case
        when verdict is null then 'registered'
        when verdict = 'accepted' and accepted_after > 0 then 'superseded'
        else verdict
    end as status,
    kind,
    coalesce(accepted_before, refused_before) as replaces,
    pool_id,
    pool_name,
    period,
    due_on,
    due_effective_on,
    case when due_effective_on is not null then greatest(registered_on - due_effective_on, 0)::integer end as days_late,
    row_count,
    package_sha256,
    ruleset,
    excluded_count,
    examination_no,
    form_version,
    registered_at,
    incoming_no,
    change_date,
    source_name,
    filing_key
from due;
