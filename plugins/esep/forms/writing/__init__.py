"""Writing the order's forms, blank or filled, from the descriptions in annex1 and annex2."""
