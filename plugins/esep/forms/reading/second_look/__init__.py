"""Errors and uncalculated formulas of a sheet, by file format: {1-based row: {0-based column: MarkedCell}}."""
