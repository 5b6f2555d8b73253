-- One row per pool of the filing calendar: its months by state, its filings, and those that a correction replaced.
create macro pool_history() as table
    with months as (
        select
            pool_id,
            count(*) filter (where state = 'on_time') as on_time,
            count(*) filter (where state = 'late') as late,
            count(*) filter (where state = 'refused') as refused,
            count(*) filter (where state = 'waiting') as waiting,
            count(*) filter (where state = 'silent') as silent,
            count(*) filter (where state = 'not_filed') as not_filed,
            count(*) filter (where state = 'not_due') as not_due
        from filing_calendar
        group by pool_id
    ),

    filed as (
        select
            pool_id,
            arg_max(pool_name, received_at) as pool_name,
            count(*) as filings,
            count(*) filter (where status = 'superseded') as superseded
        from filing
        where pool_id is not null
        group by pool_id
    )

    select
        months.*,
        filed.pool_name,
        coalesce(filed.filings, 0) as filings,
        coalesce(filed.superseded, 0) as superseded
    from months
    left join filed on months.pool_id = filed.pool_id;
