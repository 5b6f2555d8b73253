"""The words of a frame that a rule answers to: several words of one rule, and every word that a parser can give."""

from __future__ import annotations

from collections import defaultdict

import pytest

from esep.examination import suites
from esep.examination.suites import Rule
from esep.forms.document import FileState
from esep.forms.values.dates import DateState
from esep.forms.values.identifier import IdentifierCellState
from esep.forms.values.licence import LicenceState
from esep.forms.values.quantity import QuantityState
from esep.law.identifiers import IdentifierState
from esep.law.wallets import WalletState
from examination.package_builder import settings

SEVERAL = {
    "R-01": {"unreadable", "empty", "encrypted", "unsafe", "too_large", "nested_archive"},
    "R-05": {"invalid", "rejected", "revoked"},
    "R-07": {"differs", "no_bin"},
    "R-08": {"certificate_expired", "certificate_not_yet_valid", "signed_in_future"},
    "R-11": {"wrong_check_digit", "impossible_number", "wrong_kind", "wrong_date"},
    "R-35": {"not_twelve_digits", "foreign_digits"},
    "R-37": {"wrong_check_digit", "impossible_number"},
    "R-38": {"wrong_kind", "wrong_date"},
    "R-44": {"wrong_form", "cyrillic_letters", "foreign_letters"},
    "R-51": {"unknown", "not_in_force"},
    "R-75": {"of_another", "not_yet_issued", "expired"},
    "R-77": {"differs", "of_another_pool"},
    "R-78": {"on_each_sheet", "in_several_filings"},
}
"""Rules that answer to more than one word of their columns."""
ELSEWHERE = {"ok", "not_checked", "shape_only", "empty", "error_cell", "uncalculated_formula"}
"""Words that are no fault, or the faults of cells that columns of their own hold (C-41 to C-50, R-30, R-31)."""
PARSED: dict[tuple[str, str], set[str]] = {
    ("files", "needed_fault"): set(FileState) - {"read", "not_read"},
    ("files", "spare_fault"): set(FileState) - {"read", "not_read"},
    ("rows", "miner_id_state"): {*IdentifierState, *IdentifierCellState, "foreign_digits"} - ELSEWHERE,
    ("rows", "licence_state"): set(LicenceState) - ELSEWHERE,
    ("rows", "wallet_state"): {*WalletState, "cyrillic_letters", "foreign_letters"} - ELSEWHERE,
    ("rows", "distributed_on_state"): set(DateState) - ELSEWHERE,
    ("rows", "quantity_state"): set(QuantityState) - ELSEWHERE,
    ("rows", "reward_quantity_state"): set(QuantityState) - ELSEWHERE,
}


def answered() -> list[Rule]:
    """The rules that answer to words of a column."""
    return [rule for rule in suites.load(settings()).rules if rule.type == "expect_column_values_to_not_be_in_set"]


@pytest.mark.parametrize("rule_id", SEVERAL)
def test_a_rule_of_several_words_answers_to_each(rule_id: str) -> None:
    words = {word for rule in answered() if rule.rule_id == rule_id for word in rule.kwargs["value_set"]}
    assert words == SEVERAL[rule_id]


def test_all_rules_of_several_words_are_listed() -> None:
    words: dict[str, set[str]] = defaultdict(set)
    for rule in answered():
        words[rule.rule_id] |= set(rule.kwargs["value_set"])
    assert {rule_id for rule_id, found in words.items() if len(found) > 1} == set(SEVERAL)


@pytest.mark.parametrize(("stage", "column"), PARSED)
def test_every_word_of_a_parser_is_answered_by_one_rule(stage: str, column: str) -> None:
    of_column = [rule for rule in answered() if (rule.stage, rule.kwargs["column"]) == (stage, column)]
    assert sorted(word for rule in of_column for word in rule.kwargs["value_set"]) == sorted(PARSED[stage, column])
