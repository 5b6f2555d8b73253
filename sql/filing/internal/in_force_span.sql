-- One row per pool, period and span of time in which one filing, by one of its examinations, was in force (para 6).
--
-- A filing is in force from its arrival, or from the moment at which an officer overruled its refusal, until a later
-- one of the month is; re-examinations can begin and end a span too. begun_by and ended_by say why in the words of
-- income_entry, with the filing to which that was due. A filing whose pool or period nobody could read is by itself.
create view internal.in_force_span as
with examined as (
    select
        *,
        case
            when pool_id is not null and period is not null then pool_id || ' ' || period::varchar
            else registration_no
        end as pool_month,
        { 'received_at': received_at, 'filing_key': filing_key } as arrival
    from internal.examination_span
),

refused as (
    select
        pool_month,
        min(arrival) as first_refused
    from examined
    where verdict = 'refused'
    group by pool_month
),

accepted as (
    select * from examined
    where figures_from is not null
),

turns as (
    select
        pool_month,
        figures_from as moment
    from accepted
    union
    select
        pool_month,
        counts_to as moment
    from accepted
    where counts_to < internal.last_moment()
),

in_force_then as (
    select
        turns.pool_month,
        turns.moment,
        arg_max(accepted.filing_key, accepted.arrival) as filing_key,
        arg_max(accepted.examination_no, accepted.arrival) as examination_no
    from turns
    left join accepted
        on
            turns.pool_month = accepted.pool_month
            and turns.moment >= accepted.figures_from
            and turns.moment < accepted.counts_to
    group by turns.pool_month, turns.moment
),

in_sequence as (
    select
        *,
        lag(filing_key) over turns_of_month as filing_key_before,
        lag(examination_no) over turns_of_month as examination_no_before
    from in_force_then
    window turns_of_month as (partition by pool_month order by moment)
),

changes as (
    select *
    from in_sequence
    where
        filing_key is distinct from filing_key_before
        or examination_no is distinct from examination_no_before
),

explained as (
    select
        changes.pool_month,
        changes.moment,
        changes.filing_key,
        changes.examination_no,
        accepted.registration_no,
        accepted.pool_id,
        accepted.pool_name,
        accepted.period,
        accepted.received_at,
        case
            when accepted.filing_key is null then 'reexamination'
            when accepted.figures_from < changes.moment then 'reexamination'
            when accepted.is_answer then 'answered'
            when accepted.counts_from = changes.moment then 'reexamination'
            when accepted.verdict = 'refused' then 'overruled'
            when changes.filing_key_before is not null then 'correction'
            when refused.first_refused < accepted.arrival then 'refiling'
            else 'new'
        end as begun_by,
        case when accepted.figures_from = changes.moment then accepted.registration_no else before.registration_no end
            as begun_by_no,
        case
            when accepted.figures_from = changes.moment then accepted.examination_no
            else before.examination_no + 1
        end as begun_by_examination_no
    from changes
    left join accepted
        on changes.filing_key = accepted.filing_key and changes.examination_no = accepted.examination_no
    left join accepted as before
        on changes.filing_key_before = before.filing_key and changes.examination_no_before = before.examination_no
    left join refused on changes.pool_month = refused.pool_month
),

spans as (
    select
        *,
        coalesce(lead(moment) over changes_of_month, internal.last_moment()) as in_force_to,
        lead(begun_by) over changes_of_month as ended_by,
        lead(begun_by_no) over changes_of_month as ended_by_no,
        lead(begun_by_examination_no) over changes_of_month as ended_by_examination_no
    from explained
    window changes_of_month as (partition by pool_month order by moment)
)

select
    registration_no,
    filing_key,
    examination_no,
    received_at,
    pool_id,
    pool_name,
    period,
    moment as in_force_from,
    in_force_to,
    begun_by,
    begun_by_no,
    begun_by_examination_no,
    ended_by,
    ended_by_no,
    ended_by_examination_no
from spans
where filing_key is not null;
