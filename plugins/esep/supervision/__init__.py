"""What the office watches once filings are in: rules across filings, deadlines, silence, notices (paras 5, 6, 10)."""
