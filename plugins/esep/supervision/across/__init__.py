"""Rules across filings: what only shows when the filings in force are held against each other and the registers.

SQL prepares the frames (sql/across/), the suite expectations/across_filings.json judges them.
"""

from esep.supervision.across.fingerprint import fingerprint
from esep.supervision.across.holding import Held, holding

__all__ = ["Held", "fingerprint", "holding"]
