"""Esep: the statutory path of form 1-ЦМ from the office inbox to a tax data warehouse (Order № 166/НҚ)."""

__version__ = "0.1.0"
