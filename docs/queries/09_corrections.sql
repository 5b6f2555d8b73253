-- What did each correction change, in rows and in tenge?
--
-- Para 6. A correction replaces the accepted filing before it as a whole: rows that are in one of them alone are added
-- or removed, the others compared. The difference of income is that of the miners, at prices and rates of now.
with changed_rows as (
    select
        registration_no,
        count(*) filter (where change = 'added') as added,
        count(*) filter (where change = 'removed') as removed,
        count(*) filter (where change = 'changed') as changed
    from filing_change
    group by registration_no
),

effect as (
    select
        registration_no,
        round(sum(income_kzt_difference) filter (where role = 'miner'), 2) as income_kzt_difference
    from filing_effect
    group by registration_no
)

select
    filing.registration_no,
    filing.replaces,
    strftime(filing.period, '%Y-%m') as month,
    filing.pool_name,
    filing.correction_timeliness as timeliness,
    changed_rows.added,
    changed_rows.removed,
    changed_rows.changed,
    effect.income_kzt_difference
from filing
left join changed_rows on filing.registration_no = changed_rows.registration_no
left join effect on filing.registration_no = effect.registration_no
where filing.kind = 'correction' and filing.verdict = 'accepted'
order by filing.registration_no;
