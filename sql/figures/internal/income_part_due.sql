-- One row per filing of the work list, examination, month, role, taxpayer, asset, share, whether the
-- asset's class is undecided, and span of knowledge.
--
-- A class is undecided on days for which a rule obliges the role while the asset is on no list: the Law defines
-- unsecured assets negatively, so the quantity is shown, without a share (para 11).
-- The name is that of the latest distribution: named_on packs its day and row into one number to sort by. Of two on one
-- day and row, in two sheets, the name that sorts last.
-- The keys are those of the first and the last filing on the list: constants by which DuckDB skips all other rows.
create macro internal.income_part_due(first_key, last_key) as table
    with accepted as (
        select
            filing_key,
            examination_no,
            figures_from,
            counts_to
        from internal.examination_span
        where
            figures_from is not null
            and filing_key in (select filing_key from internal.filing_to_value)
    ),

    rows_due as (
        select
            row_value.*,
            sale_rule.obliged_role is not null and asset.ticker is null as is_undecided,
            date_diff('day', date '1900-01-01', row_value.day) * 2097152 + row_value.row as named_on
        from internal.row_value
        inner join accepted
            on
                row_value.filing_key = accepted.filing_key
                and row_value.examination_no = accepted.examination_no
                and row_value.known_to > accepted.figures_from
                and row_value.known_from < accepted.counts_to
        left join sale_rule
            on
                row_value.role = sale_rule.obliged_role
                and row_value.day between sale_rule.valid_from and coalesce(sale_rule.valid_to, date '9999-12-31')
        left join asset
            on
                row_value.asset = asset.ticker
                and row_value.day between asset.valid_from and coalesce(asset.valid_to, date '9999-12-31')
        where row_value.filing_key between first_key and last_key
    )

    select
        filing_key,
        examination_no,
        year,
        period,
        role,
        taxpayer_id,
        asset,
        share,
        is_undecided,
        known_from,
        known_to,
        arg_max(taxpayer_name, { 'named_on': named_on, 'taxpayer_name': taxpayer_name }) as taxpayer_name,
        max(named_on) as named_on,
        max(taxpayer_id_state) as taxpayer_id_state,
        count(*) as row_count,
        sum(quantity)::decimal(38, 18) as quantity,
        coalesce(sum(valued_quantity), 0)::decimal(38, 18) as valued_quantity,
        (sum(quantity) - coalesce(sum(valued_quantity), 0))::decimal(38, 18) as unvalued_quantity,
        coalesce(sum(value_kzt), 0)::decimal(38, 12) as income_kzt
    from rows_due
    group by
        filing_key, examination_no, year, period, role, taxpayer_id, asset, share, is_undecided, known_from, known_to;
