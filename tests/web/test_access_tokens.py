"""What one form showed is no other form's: its signed part opens there only, and for whom it was shown."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from esep.config import Settings

NAME = "А. Бекова"
FORMS = {
    "hand_in": ("/hand-in/accept", "package", {"key": "0" * 32, "digests": ["", ""]}),
    "reference": ("/reference/accept", "proposal", {"files": "0" * 64, "fields": {}, "against": ""}),
    "letters": ("/letters/decide", "chosen", {"wanted": {}, "decided": []}),
}
"""Form → the address of its second step, the field, and what it shows."""


@pytest.mark.parametrize(("shown", "sent"), list(permutations(FORMS, 2)))
def test_a_form_opens_only_what_it_showed(pages, tmp_path: Path, shown: str, sent: str):
    from esep.web import access

    address, field, _ = FORMS[sent]
    token = access.signed(NAME, shown, FORMS[shown][2])
    answer = pages(Settings(home=tmp_path / "home")).post(address, data={field: token})
    assert answer.status_code == 403


@pytest.mark.parametrize("form", FORMS)
def test_what_a_form_showed_opens_for_its_reader_alone(form: str):
    from fastapi import HTTPException

    from esep.web import access

    token = access.signed(NAME, form, FORMS[form][2])
    assert access.opened(NAME, form, token) == FORMS[form][2]
    for stranger, given in (("Б. Сейіт", token), (NAME, token[:-1]), (NAME, access.form_token(NAME))):
        with pytest.raises(HTTPException):
            access.opened(stranger, form, given)
