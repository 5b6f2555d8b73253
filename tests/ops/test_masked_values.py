"""Single values: which names and numbers may be shown, and how a viewer's page shortens them."""

from __future__ import annotations

import json

import pytest

from esep.answers import masking
from esep.warehouse.masked_values import EventMask, Pseudonyms, author, is_licence_number, is_organisation

PSEUDONYMS = Pseudonyms(bytes(range(32)))


@pytest.mark.parametrize(
    "name",
    [
        "ТОО «Терек»",
        "«Сағым Хэшрейт» ЖШС",
        'АО "Казына"',
        "«Қазына» АҚ",
        "Alatau Mining LLP",
        "Товарищество с ограниченной ответственностью «Терек»",
        "«Алатау» жауапкершілігі шектеулі серіктестігі",
    ],
)
def test_names_of_organisations_are_shown(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize(
    "name",
    [
        "Омарова Айгерім Серікқызы",
        "ИП Ким Виктор Петрович",
        "ЖК «Қалиева»",
        "Иванов АО",
        "Атоок Тоолова",
        "ТОО «Терек», ИП Ким",
        "ТОО «Терек» 061211600012",
        "ТОО «Терек» +77011234567",
        "ТОО bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "ТОО «Терек» a@example.kz",
        "",
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert not is_organisation(name)


@pytest.mark.parametrize(("text", "shown"), [("KZ11ЛИЦ99887766", True), ("№ 12-3/4", True), ("Омарова", False)])
def test_licence_numbers(text: str, shown: bool) -> None:
    assert is_licence_number(text) is shown


@pytest.mark.parametrize("text", ["061211600012", "KZ 61211600012", "a@b.kz", "x" * 41])
def test_what_may_be_an_iin_is_no_licence(text: str) -> None:
    assert not is_licence_number(text)


@pytest.mark.parametrize(
    "number", ["061211600012", "230640000009", "23064000008", "", "BIN", "２３０６４００００００８"]
)
def test_what_is_no_faultless_bin_gets_a_pseudonym(number: str) -> None:
    assert PSEUDONYMS.taxpayer("230640000008") == "230640000008"
    shown = PSEUDONYMS.taxpayer(number)
    assert shown.startswith("IIN-")
    assert len(shown) == 20
    assert shown == PSEUDONYMS.taxpayer(number), "always the same"
    assert shown != Pseudonyms(bytes(32)).taxpayer(number), "but only under one secret"


def test_letters_and_authors() -> None:
    assert PSEUDONYMS.letter("2025-000017/R-1") == "2025-000017/R-1"
    assert PSEUDONYMS.letter("230640000008-2025-03/N-1") == "230640000008-2025-03/N-1"
    assert PSEUDONYMS.letter("061211600012-2025-03/N-1").startswith("IIN-")
    assert PSEUDONYMS.letter("Омарова").startswith("OTHER-")
    assert author("esep.supervision") == "esep.supervision"
    assert author("esep.Омарова") == "***"


@pytest.mark.parametrize("data", ['"a text"', "[]", "{}", '{"new_key": "Омарова", "until": "Омарова", "row": "x"}'])
def test_unknown_data_of_an_event_is_dropped(data: str) -> None:
    assert EventMask(PSEUDONYMS, {}).data(data) == "{}"


def test_a_key_without_a_subject_stays() -> None:
    facts = ["2025-000011 R-52", "2025-000031 not_refiled", "not_filed 230640000008 2025-03", "Омарова"]
    shown = json.loads(EventMask(PSEUDONYMS, {}).data(json.dumps({"facts": facts})))["facts"]
    assert shown[:2] == facts[:2]
    assert shown[2].startswith("not_filed OTHER-")
    assert shown[3].startswith("OTHER-")


def test_viewers_see_ids_and_names_shortened() -> None:
    assert masking.masked_taxpayer("061211600012", "Омарова Айгерім Серікқызы") == ("06••••••••12", "О. А. С.")
    assert masking.masked_taxpayer("230640000008", "ТОО «Терек»") == ("230640000008", "ТОО «Терек»")
    assert masking.masked_taxpayer("230640000008", "Омарова Айгерім") == ("230640000008", "О. А.")
    assert masking.masked_taxpayer("230640000009", "ТОО «Терек»")[0] == "23••••••••09"
    assert masking.masked_taxpayer("12", "???") == ("••", "•••")
    assert masking.masked_taxpayer(None, None) == (None, None)


def test_viewers_see_wallets_shortened() -> None:
    assert masking.masked_wallet("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4") == "bc1q…f3t4"
    assert masking.masked_wallet("кошелёк") == "•••"
    assert masking.masked_wallet(None) is None


def test_persons() -> None:
    assert masking.is_person("061211600012")
    assert masking.is_person("230640000009")
    assert not masking.is_person("230640000008")
    assert not masking.is_person(None)
