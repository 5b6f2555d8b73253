"""The figures worked out a second time, by another route, before anything is published.

From the lake's rows by plain Python Decimal: no SQL, no unit prices of the warehouse, none of its choices. Which filing
is in force, which price, rate and share applies and how the obligation is rounded up are decided here again, from
verdicts, accepted reference files and the tables of the law. So a fault in the warehouse's SQL, in its stored rows or
in a table as loaded shows as a difference.

`filings` says what is in force, `parts` chooses prices, rates and shares and adds up rows, `comparison` compares the
sums with what the warehouse says, `publication` and `everything` are the two occasions.
"""
