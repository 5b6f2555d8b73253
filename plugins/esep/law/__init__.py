"""The order as data: working days, due dates, identifiers, wallets and the dated tables of the law."""
