"""Excel workbooks (.xlsx, .xlsm) by their own XML: where the fast reader would say something else than Excel."""
