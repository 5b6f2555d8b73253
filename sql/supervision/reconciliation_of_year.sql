-- One row per identity of the figures of a year.
create macro reconciliation_of_year(of_year) as table
    with in_force as (
        select filing_key from in_force_as_known_on('infinity'::timestamptz)
    ),

    ledger as (
        select
            coalesce(sum(income_kzt), 0) as income_kzt,
            coalesce(sum(quantity), 0) as quantity
        from income_ledger
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

    by_pool as (
        select coalesce(sum(income_kzt), 0) as income_kzt
        from income_by_pool
        where year = of_year
    ),

    obligations as (
        select
            count(*) as told,
            count(*) filter (
                where
                quantity_to_sell >= 0
                and quantity_to_sell::double >= base_quantity::double * share::double * 0.999999999999
                and quantity_to_sell::double <= greatest(base_quantity, 0)::double * share::double * 1.000000000001 + 1
            ) as fitting
        from sale_obligation
        where year = of_year
    ),

    identities as (
        select
            'income: trace = annual figures' as identity,
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
            'income: by pool = by taxpayer' as identity,
            by_pool.income_kzt as left_value,
            annual.income_kzt as right_value
        from by_pool
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
            told as left_value,
            fitting as right_value
        from obligations
        union all
        select
            'quantity: trace = annual figures' as identity,
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
        (left_value - right_value)::decimal(38, 20) as difference,
        left_value = right_value as holds,
        of_year::integer as year
    from identities
    union all
    select
        identity || ' (' || of_year::varchar || ')' as identity,
        left_value::decimal(38, 18) as left_value,
        right_value::decimal(38, 18) as right_value,
        (left_value - right_value)::decimal(38, 20) as difference,
        left_value = right_value as holds,
        of_year::integer as year
    from quantities;
