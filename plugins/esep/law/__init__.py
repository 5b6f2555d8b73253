"""The order as data: working days, terms, identifiers, wallets and the dated tables of the law."""
