"""What did a miner earn in a year, from which filings, what must it sell, what is unvalued, why did the figure change?

A marimo notebook: `make notebook` opens it. It only reads the published snapshot of $ESEP_HOME (default: the demo's).
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Annual income of a miner")


with app.setup:
    import os
    from decimal import Decimal
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    PROJECT = Path(__file__).resolve().parents[2]
    YEAR = 2025
    SINCE = "2025-11-01 00:00:00+05"


@app.cell
def _():
    snapshot = Path(os.environ.get("ESEP_HOME") or PROJECT / "var" / "demo") / "warehouse" / "esep.duckdb"
    mo.stop(
        not snapshot.is_file(),
        mo.md(f"`{snapshot}`: no warehouse there. Run `make demo`, or set `ESEP_HOME` to your own home."),
    )
    connection = duckdb.connect(str(snapshot), read_only=True)  # readers never lock a load out, nor it them
    connection.execute("set TimeZone = 'Asia/Almaty'")

    def rows(sql, *parameters):
        """The result as one dict for each row. Decimals stay decimals; .df() would make floats of them."""
        result = connection.execute(sql, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return rows, snapshot


@app.cell
def _():
    def shown(value):
        """A value for people: groups of thousands, no zeros at the end of a quantity."""
        if isinstance(value, Decimal):
            whole, _, decimals = f"{value:,f}".partition(".")
            decimals = decimals if len(decimals) <= 2 else decimals.rstrip("0")
            return f"{whole}.{decimals}" if decimals else whole
        return "" if value is None else str(value)

    def table(found):
        """A table that shows every value in full."""
        if not found:
            return mo.md("*None.*")
        return mo.ui.table(
            [{name: shown(value) for name, value in row.items()} for row in found],
            selection=None,
            pagination=len(found) > 25,
            page_size=25,
            show_column_summaries=False,
            show_data_types=False,
        )

    return shown, table


@app.cell
def _(rows):
    _miners = rows(
        """
        select taxpayer_id, taxpayer_name from annual_income_total
        where year = ? and role = 'miner' order by income_kzt desc, taxpayer_id
        """,
        YEAR,
    )
    _choices = {f"{row['taxpayer_name']} ({row['taxpayer_id']})": row["taxpayer_id"] for row in _miners}
    miner = mo.ui.dropdown(_choices, value=next(iter(_choices), None), label="Miner")
    return (miner,)


@app.cell
def _(miner, snapshot):
    mo.md(f"""
    # Annual income of a miner, {YEAR}

    What did the miner earn, from which filings, what must it sell, what has no value, why has the figure changed since
    {SINCE[:10]}, and from which workbook cell does its largest day come?

    {miner}

    Warehouse: `{snapshot}`. Income is what pools reported (para 3 of the Rules), not the taxpayer's whole income,
    and no tax is computed.
    """)
    return


@app.cell
def _(miner, rows, shown):
    total = rows(
        "select * from annual_income_total where year = ? and role = 'miner' and taxpayer_id = ?", YEAR, miner.value
    )[0]
    mo.md(f"""
    ## What it earned

    **{total["taxpayer_name"]}** ({total["taxpayer_id"]}): **{shown(total["income_kzt"])} tenge** in {YEAR}. Without a
    value, and so in no sum: **{total["unvalued_assets"] or "nothing"}**.
    """)
    return


@app.cell
def _(miner, rows):
    _months = rows(
        """
        select strftime(period, '%Y-%m') as month, asset, income_kzt
        from monthly_income
        where year = ? and role = 'miner' and taxpayer_id = ? and valued_quantity <> 0
        order by period, asset
        """,
        YEAR,
        miner.value,
    )
    # Floats are for the drawing alone; every figure on this page is a decimal.
    _points = [{**row, "income_kzt": float(row["income_kzt"])} for row in _months]
    chart = (
        alt.Chart(alt.Data(values=_points))
        .mark_bar()
        .encode(
            x=alt.X("month:N", title="Month of distribution"),
            y=alt.Y("income_kzt:Q", title="Income, tenge", axis=alt.Axis(format=",.0f")),
            color=alt.Color("asset:N", title="Asset"),
            tooltip=["month:N", "asset:N", alt.Tooltip("income_kzt:Q", format=",.2f")],
        )
        .properties(width=560, height=260, title=f"Income by month and asset, {YEAR}")
    )
    mo.ui.altair_chart(chart, chart_selection=False, legend_selection=False)
    return


@app.cell
def _(miner, rows, table):
    filings = rows(
        """
        select
            traced.registration_no,
            filing.kind,
            filing.pool_name,
            strftime(filing.period, '%Y-%m') as month,
            filing.registered_on,
            count(*)::integer as distributions,
            round(sum(traced.value_kzt), 2) as income_kzt
        from trace_income(?, ?) as traced
        inner join filing on traced.registration_no = filing.registration_no
        where traced.role = 'miner'
        group by all
        order by month, traced.registration_no
        """,
        miner.value,
        YEAR,
    )
    mo.vstack([mo.md("## From which filings"), table(filings)])
    return


@app.cell
def _(miner, rows, table):
    obligations = rows(
        """
        select asset, share, base_quantity as received, quantity_to_sell
        from sale_obligation
        where year = ? and role = 'miner' and taxpayer_id = ?
        order by asset, share
        """,
        YEAR,
        miner.value,
    )
    mo.vstack(
        [
            mo.md(
                "## What it must sell\n\nThrough exchanges licensed in AIFC (para 11), in units, rounded up once "
                "at the smallest unit. The form holds no sales: whether anything was sold, it cannot tell."
            ),
            table(obligations),
        ]
    )
    return


@app.cell
def _(miner, rows, table):
    unvalued = rows(
        """
        with gap as (
            select asset, string_agg(distinct reason, ', ' order by reason) as reason
            from reference_gap
            where kind <> 'pool'
            group by asset
        )

        select annual_income.asset, annual_income.unvalued_quantity, gap.reason
        from annual_income
        left join gap on annual_income.asset = gap.asset
        where year = ? and role = 'miner' and taxpayer_id = ? and unvalued_quantity <> 0
        order by annual_income.asset
        """,
        YEAR,
        miner.value,
    )
    mo.vstack([mo.md("## What has no value, and why"), table(unvalued)])
    return


@app.cell
def _(miner, rows, shown, table):
    changes = rows(
        """
        select
            moment,
            cause,
            reference,
            strftime(period, '%Y-%m') as month,
            asset,
            quantity_difference,
            round(income_kzt_difference, 2) as income_kzt_difference,
            quantity_to_sell_difference
        from income_change(?, ?, ?::timestamptz, 'infinity'::timestamptz)
        where role = 'miner'
        order by moment, reference, asset
        """,
        miner.value,
        YEAR,
        SINCE,
    )
    _then_and_now = rows(
        """
        select
            coalesce((
                select income_kzt from annual_income_total_as_reported_on(?::timestamptz)
                where year = ? and role = 'miner' and taxpayer_id = ?
            ), 0) as reported_then,
            income_kzt as reported_now
        from annual_income_total
        where year = ? and role = 'miner' and taxpayer_id = ?
        """,
        SINCE,
        YEAR,
        miner.value,
        YEAR,
        miner.value,
    )[0]
    reported_then, reported_now = _then_and_now["reported_then"], _then_and_now["reported_now"]
    mo.vstack(
        [
            mo.md(
                f"## Why the figure changed since {SINCE[:10]}\n\nThen the warehouse reported "
                f"**{shown(reported_then)} tenge**, now it reports **{shown(reported_now)}**: a difference of "
                f"**{shown(reported_now - reported_then)}**, to which these entries add up."
            ),
            table(changes),
        ]
    )
    return


@app.cell
def _(miner, rows, table):
    cells = rows(
        """
        with traced as (
            select * from trace_income(?, ?) where role = 'miner'
        ),

        by_day as (
            select distributed_on, sum(value_kzt) as value_kzt from traced group by distributed_on
        )

        select
            distributed_on, registration_no, file, sheet, row, '8' as column_no, asset, quantity, price, currency, rate,
            round(value_kzt, 2) as value_kzt
        from traced
        where distributed_on = (select arg_max(distributed_on, value_kzt) from by_day)
        order by registration_no, file, sheet, row
        """,
        miner.value,
        YEAR,
    )
    mo.vstack(
        [
            mo.md(
                "## The largest day, down to the cell\n\nThe workbook is in the archive under "
                "`archive/YYYY/<registration_no>/package/`, as it was received."
            ),
            table(cells),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
