"""How large a filer's files may be before they are refused unread.

A stress month of 1 048 576 rows makes a workbook of about 110 MB whose sheet is about 700 MB of XML; the limits
leave room for that and stop what only pretends to be a workbook.
"""

PACKAGE_FILES = 20_000
"""Files of a package, members of its archives and signatures included."""
PACKAGE_BYTES = 8 * 1024**3
"""All of them together, archives as well as what they hold."""
WRAPPINGS = 8
"""How many archives and signatures one inside the other are opened."""
BATCH_FILES = 256
"""Files that one child process reads, ..."""
BATCH_BYTES = 8 * 1024**2
"""... as long as they are no larger together, ..."""
BATCH_SECONDS = 60.0
"""... and as long as it takes: a file that it did not get to the end of is read again alone."""
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
SPARSE = 100
"""Positions spanned for each cell that is there: more is not a table."""
WORKSHEET_ROWS = 1_048_576
"""Rows of a worksheet in Excel."""
HEAD_LINES = 5_000
"""Filled rows searched for the number row."""
FOOTER_LINES = 5_000
"""Filled rows below the table that its labels are looked for in; rows of data are looked for below them, too."""
DOCUMENT_CHARACTERS = 100_000
"""Text in which an application is looked for; Annex 1 has about 1 500 characters."""
PDF_PAGES = 50
"""Pages of a .pdf that are searched for the application."""
