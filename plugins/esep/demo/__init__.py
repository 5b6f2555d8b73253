"""A made-up office: two years of fictional filings, and the figures that they must lead to.

`generate` writes packages and reference data; `ledger` works out the expected answers by its own plain
code, which shares nothing with the warehouse; `expected` holds the published snapshot against them.
"""
