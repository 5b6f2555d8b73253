-- One row per correction with distributions that it adds, removes or changes: how many, and the miners' income moved.
create macro correction_summary() as table
    with changes as (
        select
            registration_no,
            verdict,
            replaces,
            count(*) filter (where change = 'added') as added,
            count(*) filter (where change = 'removed') as removed,
            count(*) filter (where change = 'changed') as changed
        from filing_change
        group by registration_no, verdict, replaces
    ),

    effects as (
        select
            registration_no,
            sum(income_kzt_difference) as income_kzt_difference
        from filing_effect
        where role = 'miner'
        group by registration_no
    )

    select
        changes.*,
        coalesce(effects.income_kzt_difference, 0) as income_kzt_difference
    from changes
    left join effects on changes.registration_no = effects.registration_no;
