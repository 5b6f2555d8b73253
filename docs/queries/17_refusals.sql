-- Why were filings refused, and how long was it until an accepted one came?
--
-- Paras 8 and 9. Each refused filing with the rules of completeness that it broke, and the first filing of the same
-- pool and month accepted after it. Nothing beside it: none has come, or the pool or month could not be read.
with reason as (
    select
        finding.registration_no,
        string_agg(distinct finding.rule_id, ', ' order by finding.rule_id) as rules
    from finding
    where finding.lane = 'completeness'
    group by finding.registration_no
),

after as (
    select
        refused.registration_no,
        min(accepted.registered_on) as accepted_on
    from filing as refused
    inner join filing as accepted
        on
            refused.pool_id = accepted.pool_id
            and refused.period = accepted.period
            and refused.received_at < accepted.received_at
    where accepted.verdict = 'accepted'
    group by refused.registration_no
)

select
    filing.registration_no,
    filing.pool_name,
    strftime(filing.period, '%Y-%m') as month,
    filing.registered_on,
    reason.rules,
    after.accepted_on,
    after.accepted_on - filing.registered_on as days
from filing
left join reason on filing.registration_no = reason.registration_no
left join after on filing.registration_no = after.registration_no
where filing.verdict = 'refused'
order by filing.registration_no
limit 12;
