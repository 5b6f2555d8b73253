"""The charts of the reports, for pages."""

from __future__ import annotations

from esep.reports.charts import COLOURS, stacked_bars

__all__ = ["COLOURS", "stacked_bars"]
