"""What the office watches over once filings are in: rules across filings, terms, silence, notices (paras 5, 6, 10)."""
