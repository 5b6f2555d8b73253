"""A made-up office: two years of fictional filings, and the figures that they must lead to.

`generate` writes packages and reference data; `ledger` and `figures` work out the expected answers by their own plain
code, which shares nothing with the warehouse; `compare` holds the published snapshot against them.
"""
