"""How large a filer's files may be before they are refused unread.

A stress month of 1 048 576 rows makes a workbook of about 110 MB whose sheet is about 700 MB of XML; the limits
leave room for that and stop what only pretends to be a workbook.
"""

ARCHIVE_MEMBERS = 2_000
"""Members of a .zip that is (in) a package."""
ARCHIVE_BYTES = 2 * 1024**3
"""All members of a .zip together, unpacked."""
WORKBOOK_PARTS = 10_000
"""Members of a workbook or document (they are zip files themselves)."""
WORKBOOK_BYTES = 4 * 1024**3
"""All parts of a workbook together, unpacked."""
RATIO = 200
"""Unpacked to packed size of one member, ..."""
RATIO_FROM_BYTES = 50 * 1024**2
"""... looked at only when the member unpacks to more than this."""
FAR_COLUMN = 200
"""A cell right of this column has no business in a form of eleven columns (told when reading failed over it)."""
HEAD_LINES = 5_000
"""Filled rows searched for the number row."""
DOCUMENT_CHARACTERS = 100_000
"""Text in which an application is looked for; Annex 1 has about 1 500 characters."""
PDF_PAGES = 50
"""Pages of a .pdf that are searched for the application."""
