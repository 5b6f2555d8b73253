"""How `bin/esep check` tells its result: as plain values for JSON, as a table for people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.examination.model import Examination, Finding, Lane, Verdict

_WORDS = {
    "accepted": {
        "kk": "Топтама толық: тіркелсе, қабылданады.",
        "ru": "Пакет полон: после регистрации он будет принят.",
        "en": "The package is complete: once registered it would be accepted.",
    },
    "refused": {
        "kk": "Топтама толық емес: тіркелсе, одан бас тартылады (Қағидалардың 8-тармағы).",
        "ru": "Пакет неполон: после регистрации в нём будет отказано (пункт 8 Правил).",
        "en": "The package is incomplete: once registered it would be refused (para 8 of the Rules).",
    },
    "completeness": {
        "kk": "Бас тартуға әкелетін ескертулер",
        "ru": "Замечания, ведущие к отказу",
        "en": "Remarks that lead to a refusal",
    },
    "reliability": {
        "kk": "Хабарламаға негіз болатын ескертулер (бас тартылмайды)",
        "ru": "Замечания для уведомления (к отказу не ведут)",
        "en": "Remarks for a notice (they never refuse)",
    },
    "pool": {"kk": "Пул", "ru": "Пул", "en": "Pool"},
    "period": {"kk": "Кезең", "ru": "Период", "en": "Period"},
    "rows": {"kk": "Деректер жолдары", "ru": "Строк данных", "en": "Data rows"},
    "excluded": {
        "kk": "оның ішінде саны оқылмаған",
        "ru": "из них с нечитаемым количеством",
        "en": "of them with an unreadable quantity",
    },
    "signature": {"kk": "Электрондық қолтаңба", "ru": "Электронная подпись", "en": "Electronic signature"},
    "verified_chain_not_checked": {
        "kk": "файлға сәйкес келеді; сертификаттар тізбегі мен кері қайтарылуы тексерілмеген",
        "ru": "соответствует файлу; цепочка сертификатов и отзыв не проверялись",
        "en": "matches its file; certificate chain and revocation were not checked",
    },
    "present_unverified_algorithm": {
        "kk": "бар, бірақ тексерілмеді",
        "ru": "имеется, но не проверена",
        "en": "present, but could not be verified",
    },
    "bin": {"kk": "БСН", "ru": "БИН", "en": "BIN"},
    "invalid": {"kk": "расталмады", "ru": "не подтверждается", "en": "not confirmed"},
    "absent": {"kk": "жоқ", "ru": "нет", "en": "none"},
    "service": {"kk": "сыртқы қызметтің жауабы", "ru": "ответ внешней службы", "en": "external service"},
    "unknown": {"kk": "анықталмады", "ru": "не определён", "en": "not determined"},
    "rule": {"kk": "Ереже", "ru": "Правило", "en": "Rule"},
    "place": {"kk": "Орны", "ru": "Место", "en": "Place"},
    "count": {"kk": "Рет", "ru": "Раз", "en": "Times"},
    "remark": {"kk": "Ескерту", "ru": "Замечание", "en": "Remark"},
    "more": {
        "kk": "және тағы {n} рет: тізімді көру үшін --all",
        "ru": "и ещё {n}: список по ключу --all",
        "en": "and {n} more: list them with --all",
    },
}


def as_plain(examination: Examination) -> dict[str, object]:
    """The examination as JSON values; keys are stable."""
    identity = examination.identity
    return {
        "verdict": examination.verdict.value,
        "complete": examination.verdict is Verdict.ACCEPTED,
        "pool_id": identity.pool_id,
        "pool_name": identity.pool_name,
        "period": identity.period.isoformat() if identity.period else None,
        "row_count": examination.row_count,
        "excluded_count": examination.excluded_count,
        "total_rows": [asdict(place) for place in examination.total_rows],
        "signatures": [signature.as_dict() for signature in examination.signatures],
        "ruleset": examination.ruleset,
        "code_version": examination.code_version,
        "findings": [finding.as_dict() for finding in examination.findings],
    }


def print_report(examination: Examination, path: Path, language: str, show_all: bool) -> None:
    """Print the verdict, whose package it is, and one table of remarks for each lane."""
    console = Console(soft_wrap=False)
    accepted = examination.verdict is Verdict.ACCEPTED
    console.print(f"[bold]{escape(str(path))}[/bold]")
    console.print(_WORDS[examination.verdict.value][language], style="green" if accepted else "red")
    identity = examination.identity
    unknown = _WORDS["unknown"][language]
    pool = " ".join(part for part in (identity.pool_id, identity.pool_name) if part) or unknown
    period = identity.period.strftime("%Y-%m") if identity.period else unknown
    excluded = f" ({_WORDS['excluded'][language]}: {examination.excluded_count})" if examination.excluded_count else ""
    console.print(f"{_WORDS['pool'][language]}: {escape(pool)}")
    console.print(f"{_WORDS['period'][language]}: {period}")
    console.print(f"{_WORDS['rows'][language]}: {examination.row_count}{excluded}")
    for line in _signature_lines(examination, language):
        console.print(escape(line))
    for lane in Lane:
        found = [finding for finding in examination.findings if finding.lane is lane]
        if found:
            console.print()
            console.print(_lane_table(found, _WORDS[lane.value][language], language, show_all))


def _signature_lines(examination: Examination, language: str) -> list[str]:
    """One line for each signature file: its state, the file it covers, the BIN that its certificate claims."""
    title = _WORDS["signature"][language]
    lines = []
    for signature in examination.signatures:
        told = [_WORDS[signature.state][language]]
        if signature.covers:
            told.append(f"→ {signature.covers}")
        if signature.signer_bin:
            told.append(f"{_WORDS['bin'][language]} {signature.signer_bin}")
        if signature.service:
            told.append(f"{_WORDS['service'][language]}: {signature.service}")
        lines.append(f"{title}: {signature.file} – {'; '.join(told)}")
    return lines or [f"{title}: {_WORDS['absent'][language]}"]


def _lane_table(findings: list[Finding], title: str, language: str, show_all: bool) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=False)
    table.add_column(_WORDS["rule"][language], no_wrap=True)
    table.add_column(_WORDS["place"][language], overflow="fold", max_width=30)
    table.add_column(_WORDS["count"][language], justify="right")
    table.add_column(_WORDS["remark"][language], overflow="fold")
    by_rule: dict[tuple[str, str | None, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule_id, finding.file, finding.sheet].append(finding)
    for group in by_rule.values():
        shown = group if show_all else group[:1]
        for finding in shown:
            table.add_row(
                finding.rule_id,
                escape(place_of(finding)),
                str(finding.occurrences),
                escape(finding.message(language)),
            )
        rest = sum(finding.occurrences for finding in group) - sum(finding.occurrences for finding in shown)
        if rest:
            table.add_row(group[0].rule_id, "…", str(rest), _WORDS["more"][language].format(n=rest))
    return table


def place_of(finding: Finding) -> str:
    """File, sheet, row and column of a finding in one short text."""
    parts = [
        finding.file,
        finding.sheet,
        f"{finding.row}" if finding.row is not None else None,
        f"[{finding.column_no}]" if finding.column_no else None,
    ]
    return " · ".join(part for part in parts if part)
