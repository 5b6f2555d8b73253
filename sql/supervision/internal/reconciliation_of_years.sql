-- One row per identity of the figures of each year from the first to the last.
--
-- The left side comes from income_ledger (each filing's parts, which sql/checks/part_sums.sql holds against its rows),
-- the right one from the figures. What trace_income itself gives is held against the figures before each publication
-- (warehouse/reckoning). An obligation fits if it is the share of its base or less than one smallest unit more; one of
-- class undecided if it has no share and no units to sell.
-- First and last year are constants by which DuckDB skips all others.
create macro internal.reconciliation_of_years(first_year, last_year) as table
    with in_force as (
        select
            filing_key,
            pool_id
        from internal.in_force_as_known_on(internal.last_moment())
    ),

    ledger_by_pool as (
        select
            income_ledger.year,
            in_force.pool_id,
            income_ledger.role,
            sum(income_ledger.row_count) as row_count,
            sum(income_ledger.quantity) as quantity,
            sum(income_ledger.income_kzt) as income_kzt
        from internal.income_ledger
        inner join in_force on income_ledger.filing_key = in_force.filing_key
        where income_ledger.year between first_year and last_year
        group by income_ledger.year, in_force.pool_id, income_ledger.role
    ),

    ledger as (
        select
            year,
            sum(income_kzt) as income_kzt,
            sum(quantity) as quantity
        from ledger_by_pool
        group by year
    ),

    annual as (
        select
            year,
            sum(income_kzt) as income_kzt,
            sum(quantity) as quantity,
            sum(valued_quantity) + sum(unvalued_quantity) as quantity_in_parts
        from annual_income
        where year between first_year and last_year
        group by year
    ),

    annual_total as (
        select
            year,
            sum(exact_income_kzt) as income_kzt
        from annual_income_total
        where year between first_year and last_year
        group by year
    ),

    monthly as (
        select
            year,
            sum(income_kzt) as income_kzt
        from monthly_income
        where year between first_year and last_year
        group by year
    ),

    figures_by_pool as (
        select
            year,
            pool_id,
            role,
            sum(row_count) as row_count,
            sum(quantity) as quantity,
            sum(income_kzt) as income_kzt
        from income_by_pool
        where year between first_year and last_year
        group by year, pool_id, role
    ),

    by_pool as (
        select
            coalesce(figures_by_pool.year, ledger_by_pool.year) as year,
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
                figures_by_pool.year = ledger_by_pool.year
                and figures_by_pool.pool_id is not distinct from ledger_by_pool.pool_id
                and figures_by_pool.role = ledger_by_pool.role
        group by coalesce(figures_by_pool.year, ledger_by_pool.year)
    ),

    obligations as (
        select
            year,
            count(*) as total,
            count(*) filter (
                where
                case
                    when asset_class = 'undecided' then share is null and quantity_to_sell is null
                    else internal.is_smallest_share(quantity_to_sell, base_quantity, share, decimals)
                end
            ) as fitting
        from sale_obligation
        where year between first_year and last_year
        group by year
    ),

    sums as (
        select
            by_pool.year,
            coalesce(ledger.income_kzt, 0) as ledger_income,
            coalesce(annual.income_kzt, 0) as annual_income,
            coalesce(annual_total.income_kzt, 0) as total_income,
            coalesce(monthly.income_kzt, 0) as monthly_income,
            coalesce(obligations.total, 0) as obligations,
            coalesce(obligations.fitting, 0) as fitting_obligations,
            by_pool.total as pools,
            by_pool.fitting as fitting_pools,
            coalesce(ledger.quantity, 0) as ledger_quantity,
            coalesce(annual.quantity, 0) as annual_quantity,
            coalesce(annual.quantity_in_parts, 0) as quantity_in_parts
        from by_pool
        left join ledger on by_pool.year = ledger.year
        left join annual on by_pool.year = annual.year
        left join annual_total on by_pool.year = annual_total.year
        left join monthly on by_pool.year = monthly.year
        left join obligations on by_pool.year = obligations.year
    ),

    identities as (
        select
            year,
            unnest([
                'income: values of the rows = annual figures',
                'income: months = year',
                'income: totals of taxpayers = their assets added up',
                'sale: obligations = obligations that fit their share',
                'income: pools = pools whose rows add up to their figures',
                'quantity: rows = annual figures',
                'quantity: valued + unvalued = all'
            ]) as identity,
            unnest([
                ledger_income::decimal(38, 18),
                monthly_income::decimal(38, 18),
                total_income::decimal(38, 18),
                obligations::decimal(38, 18),
                pools::decimal(38, 18),
                ledger_quantity::decimal(38, 18),
                quantity_in_parts::decimal(38, 18)
            ]) as left_value,
            unnest([
                annual_income::decimal(38, 18),
                annual_income::decimal(38, 18),
                annual_income::decimal(38, 18),
                fitting_obligations::decimal(38, 18),
                fitting_pools::decimal(38, 18),
                annual_quantity::decimal(38, 18),
                annual_quantity::decimal(38, 18)
            ]) as right_value
        from sums
    )

    select
        identity || ' (' || year::varchar || ')' as identity,
        left_value,
        right_value,
        (left_value - right_value)::decimal(38, 18) as difference,
        left_value = right_value as holds,
        year::integer as year
    from identities;
