"""What the columns mean that tell of corrections (filing_change, filing_effect) and of reference data and its gaps."""

from __future__ import annotations

from collections.abc import Mapping

_UNIT = "Unit: units of the asset."

CHANGE_COLUMNS: Mapping[str, str] = {
    "change": "added, removed or changed.",
    "changed_columns": "Columns whose values differ; empty for a row added or removed.",
    **{
        f"{side}_{name}": text.format(version=version)
        for side, version in (("old", "the replaced version"), ("new", "the correction"))
        for name, text in {
            "quantity": f"Column 8 in {{version}}; empty if there is none or it cannot be read. {_UNIT}",
            "quantity_found": "What stands in column 8 of {version} where no figure can hold it, as written.",
            "reward_asset": "Asset of the pool's reward (column 9.1) in {version}.",
            "reward_quantity": "Column 9.2 in {version}; empty if there is none or it cannot be read. "
            "Unit: units of the reward asset.",
            "reward_quantity_found": "What stands in column 9.2 of {version} where no figure can hold it, as written.",
            "licence_no": "Number of the licence in {version}.",
            "licence_date": "Day of the licence in {version}.",
            "file": "Workbook of {version}; empty where it has no such row.",
            "sheet": "Worksheet of {version}.",
            "row": "Worksheet row of {version}, counted from 1.",
        }.items()
    },
    "old_taxpayer_name": "Name of the taxpayer in the replaced version.",
    "quantity_difference": f"New minus old quantity; empty where one of them cannot be counted. {_UNIT}",
    "reward_difference": "New minus old reward; empty where one of them cannot be counted or the assets differ. "
    "Unit: units of the reward asset.",
    "quantity_before": f"Quantity by the replaced filing; 0 if it had none. {_UNIT}",
    "quantity_after": f"Quantity by the correction; 0 if it has none. {_UNIT}",
    "unvalued_before": f"Part of quantity_before without a value. {_UNIT}",
    "unvalued_after": f"Part of quantity_after without a value. {_UNIT}",
    "income_kzt_before": "Income by the replaced filing, exact. Unit: tenge.",
    "income_kzt_after": "Income by the correction, exact. Unit: tenge.",
    "income_kzt_difference": "What the correction moved the income by, exact. Unit: tenge.",
    "quantity_to_sell_before": f"Share to be sold of quantity_before alone, rounded up; empty without a rule. {_UNIT}",
    "quantity_to_sell_after": f"Share to be sold of quantity_after alone, rounded up; empty without a rule. {_UNIT}",
    "quantity_to_sell_difference": f"After minus before; empty without a rule. {_UNIT}",
    "filing_count": "Filings that meet the gap.",
    "first_day": "First day of the gap.",
    "last_day": "Last day of the gap.",
}

CHANGE_RELATION_COLUMNS: Mapping[tuple[str, str], str] = {
    ("filing_change", "pool_id"): "BIN of the pool.",
    ("filing_change", "replaces"): "Registration number of the version before it.",
    ("filing_change", "taxpayer_name"): "Name of the taxpayer in the correction, else in the replaced version.",
    ("filing_change", "verdict"): "accepted or refused; a refused correction changes nothing in force.",
    ("filing_effect", "quantity_difference"): f"quantity_after minus quantity_before. {_UNIT}",
    ("filing_effect", "replaces"): "Registration number of the version before it.",
    ("filing_effect", "taxpayer_name"): "Name of the taxpayer in the correction, else in the replaced version.",
    ("exchange", "name"): "Name of the exchange.",
    ("exchange", "licence_no"): "Number of its AIFC licence.",
    ("exchange", "valid_from"): "First day of the licence.",
    ("exchange", "valid_to"): "Last day of the licence; empty while it lasts.",
    ("price_list", "source"): "Who publishes the price.",
    ("unused_price", "days"): "Days with such a price.",
    ("unused_price", "first_day"): "First day with such a price.",
    ("unused_price", "last_day"): "Last day with such a price.",
    ("reference_gap", "asset"): "Asset without price or rate; as written where unknown; empty for a pool.",
    ("reference_gap", "currency"): "Currency of the price that has no rate; empty otherwise.",
    ("reference_gap", "days"): "Days with distributions in the gap; for a pool the days of its months.",
    ("reference_gap", "kind"): "price, exchange_rate, quantity (too large to be given a value) or pool.",
    ("reference_gap", "pool_id"): "BIN of the pool that is not in the register; empty otherwise.",
    ("reference_gap", "reason"): "no_price; not_on_price_list (no official price is published, as for ETH); "
    "unknown_asset (not a known ticker); outside_calendar; no_rate; beyond_value (10^14 units or more, or worth 10^15 "
    "tenge or more, alone or with the other rows of the filing); for a pool no_register (no register was loaded), "
    "not_in_register or not_accredited (in the register, but not in these months).",
    ("reference_gap", "row_count"): "Quantities without a value, columns 8 and 9.2 each by itself; for a pool the rows "
    "of its filings in force.",
    ("reference_gap", "unvalued_quantity"): f"Quantity without a value, rewards with it; empty for a pool. {_UNIT}",
}
