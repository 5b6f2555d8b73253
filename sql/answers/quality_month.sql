-- One row per month and pool with filings: how many of quality_filing are what; with_findings, and the quantities of
-- filings in force that are left out of the figures (excluded).
create macro quality_month(first_month, last_month, of_pool, known_on, of_day) as table
    with excluded as (
        select
            registration_no,
            count(*) as quantities
        from quality_excluded(first_month, last_month, of_pool, known_on)
        group by registration_no
    )

    select
        filed.month,
        filed.pool_id,
        count(*) as filings,
        count(*) filter (where filed.is_unexamined) as unexamined,
        count(*) filter (where filed.is_waiting) as waiting,
        count(*) filter (where filed.is_accepted) as accepted,
        count(*) filter (where filed.is_refused) as refused,
        count(*) filter (where filed.is_first_examined) as first_examined,
        count(*) filter (where filed.is_complete) as complete,
        count(*) filter (where filed.is_late) as late,
        count(*) filter (where filed.is_refiling) as refilings,
        count(*) filter (where filed.is_correction) as corrections,
        count(*) filter (where filed.is_late_correction) as late_corrections,
        count(*) filter (where filed.is_history) as history,
        count(*) filter (where filed.is_faulty) as with_findings,
        coalesce(sum(excluded.quantities), 0)::bigint as excluded
    from quality_filing_faults(first_month, last_month, of_pool, known_on, of_day, null) as filed
    left join excluded on filed.registration_no = excluded.registration_no
    group by filed.month, filed.pool_id;
