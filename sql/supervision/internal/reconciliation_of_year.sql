-- One row per identity of the figures of a year.
--
-- The left side comes from income_ledger (each filing's parts, which sql/checks/part_sums.sql holds against its rows),
-- the right one from the figures. What trace_income itself gives is held against the figures before each publication
-- (warehouse/reckoning). An obligation fits if it is the share of its base or less than one smallest unit more; one of
-- class undecided if it has no share and no units to sell.
create macro internal.reconciliation_of_year(of_year) as table
    with in_force as (
        select
            filing_key,
            pool_id
        from internal.in_force_as_known_on(internal.last_moment())
    ),

    ledger as (
        select
            coalesce(sum(income_kzt), 0) as income_kzt,
            coalesce(sum(quantity), 0) as quantity
        from internal.income_ledger
        where filing_key in (select filing_key from in_force) and year = of_year
    ),

    annual as (
        select
            coalesce(sum(income_kzt), 0) as income_kzt,
            coalesce(sum(quantity), 0) as quantity,
            coalesce(sum(valued_quantity) + sum(unvalued_quantity), 0) as quantity_in_parts
        from annual_income
        where year = of_year
    ),

    annual_total as (
        select coalesce(sum(exact_income_kzt), 0) as income_kzt
        from annual_income_total
        where year = of_year
    ),

    monthly as (
        select coalesce(sum(income_kzt), 0) as income_kzt
        from monthly_income
        where year = of_year
    ),

    ledger_by_pool as (
        select
            in_force.pool_id,
            income_ledger.role,
            sum(income_ledger.row_count) as row_count,
            sum(income_ledger.quantity) as quantity,
            sum(income_ledger.income_kzt) as income_kzt
        from internal.income_ledger
        inner join in_force on income_ledger.filing_key = in_force.filing_key
        where income_ledger.year = of_year
        group by in_force.pool_id, income_ledger.role
    ),

    figures_by_pool as (
        select
            pool_id,
            role,
            sum(row_count) as row_count,
            sum(quantity) as quantity,
            sum(income_kzt) as income_kzt
        from income_by_pool
        where year = of_year
        group by pool_id, role
    ),

    by_pool as (
        select
            count(*) filter (
                where
                ledger_by_pool.row_count = figures_by_pool.row_count
                and ledger_by_pool.quantity = figures_by_pool.quantity
                and ledger_by_pool.income_kzt = figures_by_pool.income_kzt
            ) as fitting,
            count(*) as total
        from figures_by_pool
        full join ledger_by_pool
            on
                figures_by_pool.pool_id is not distinct from ledger_by_pool.pool_id
                and figures_by_pool.role = ledger_by_pool.role
    ),

    obligations as (
        select
            count(*) as total,
            count(*) filter (
                where
                case
                    when asset_class = 'undecided' then share is null and quantity_to_sell is null
                    else internal.is_smallest_share(quantity_to_sell, base_quantity, share, decimals)
                end
            ) as fitting
        from sale_obligation
        where year = of_year
    ),

    identities as (
        select
            'income: values of the rows = annual figures' as identity,
            ledger.income_kzt as left_value,
            annual.income_kzt as right_value
        from ledger
        cross join annual
        union all
        select
            'income: months = year' as identity,
            monthly.income_kzt as left_value,
            annual.income_kzt as right_value
        from monthly
        cross join annual
        union all
        select
            'income: totals of taxpayers = their assets added up' as identity,
            annual_total.income_kzt as left_value,
            annual.income_kzt as right_value
        from annual_total
        cross join annual
    ),

    quantities as (
        select
            'sale: obligations = obligations that fit their share' as identity,
            total as left_value,
            fitting as right_value
        from obligations
        union all
        select
            'income: pools = pools whose rows add up to their figures' as identity,
            total as left_value,
            fitting as right_value
        from by_pool
        union all
        select
            'quantity: rows = annual figures' as identity,
            ledger.quantity as left_value,
            annual.quantity as right_value
        from ledger
        cross join annual
        union all
        select
            'quantity: valued + unvalued = all' as identity,
            quantity_in_parts as left_value,
            quantity as right_value
        from annual
    )

    select
        identity || ' (' || of_year::varchar || ')' as identity,
        left_value::decimal(38, 18) as left_value,
        right_value::decimal(38, 18) as right_value,
        (left_value - right_value)::decimal(38, 18) as difference,
        left_value = right_value as holds,
        of_year::integer as year
    from identities
    union all
    select
        identity || ' (' || of_year::varchar || ')' as identity,
        left_value::decimal(38, 18) as left_value,
        right_value::decimal(38, 18) as right_value,
        (left_value - right_value)::decimal(38, 18) as difference,
        left_value = right_value as holds,
        of_year::integer as year
    from quantities;
