"""The reason of a failure as it may leave the office: its first line without what may be a person's.

A reason quotes what strangers wrote: file names, cells, numbers. A message goes to servers that are not the
office's, so a word stays only if it is known to be Esep's own or the system's; the whole reason is in the log and in
`bin/esep status`.
"""

from __future__ import annotations

import re

LONGEST = 300
MASK = "[…]"

_NUMBER = r"[0-9]{4}-[0-9]{6}(?:/[ARQNMS]-[0-9]+)?|[CR]-[0-9]{2}|[0-9]{1,6}"
"""Of a filing, a letter, a rule; or a count."""
_ERROR = r"[A-Z][A-Za-z]*(?:Error|Exception|Timeout|Interrupt|Killed)"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BEGINNINGS = (
    "A|An|Another|At|Correct|Give|In|It|Look|No|Nothing|One|Put|Restore|Run|See|That|The|These|This|What|Write"
)
"""Words with which Esep's sentences begin. Any other word with a capital may be a name."""
_OWN = re.compile(rf"[a-z]+(?:-[a-z]+)?|{_BEGINNINGS}|{_ERROR}|{_NUMBER}|{_DAY}|(?:ESEP|AIRFLOW)_[A-Z_]+|bin/esep")
_KEEPS_COLON = re.compile(rf"{_ERROR}|{_NUMBER}|failed")
_QUOTED = re.compile(r"\"[^\"]*\"|«[^»]*»|“[^”]*”|'[^']*'|`[^`]*`")


def masked(reason: str) -> str:
    """The first line, at most LONGEST signs; quoted words, names, file names, paths and long numbers are MASK."""
    lines = reason.strip().splitlines()
    if not lines:
        return ""
    made: list[str] = []
    names_a_thing = False  # what failed is listed as "name: reason; name: reason", and names are strangers'
    for word in _QUOTED.sub(f" {MASK} ", lines[0][: LONGEST * 4]).split():
        before, core, after = _parts(word)
        ends_a_name = after.startswith(":") and not _KEEPS_COLON.fullmatch(core)
        is_sure = bool(_KEEPS_COLON.fullmatch(core))
        is_own = is_sure or (bool(_OWN.fullmatch(core)) and not names_a_thing and not ends_a_name)
        made.append(f"{before}{core if is_own or not core else MASK}{after}")
        if ends_a_name:
            names_a_thing = not names_a_thing
        elif after.endswith(";"):
            names_a_thing = True
        elif after.endswith((".", "!", "?")) or (after.startswith(":") and is_sure):
            names_a_thing = False
    text = re.sub(rf"(?:{re.escape(MASK)} )+{re.escape(MASK)}", MASK, " ".join(made))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _parts(word: str) -> tuple[str, str, str]:
    core = word.strip("()[],.;:!?…")
    at = word.index(core) if core else 0
    return word[:at], core, word[at + len(core) :]
