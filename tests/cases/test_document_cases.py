"""Applications as Word and Acrobat really write them: read as people see them."""

from __future__ import annotations

import pytest

from cases.case_packages import examined, rows, rules


@pytest.mark.parametrize(
    "name", ["13-docx-cells-in-content-controls", "14-docm", "15-tracked-move", "16-pdf-form-fields"]
)
def test_applications_are_read_as_people_see_them(name: str) -> None:
    examination = examined(name)
    assert examination.verdict == "accepted"
    assert rules(examination) == set()
    assert (examination.identity.pool_id, f"{examination.identity.period:%Y-%m}") == ("230640000018", "2025-03")
    assert len(rows(examination)) == 3
