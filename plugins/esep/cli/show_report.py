"""A filing as tables for a terminal of 80 columns or more. Texts of strangers are shown plain, on one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.detail import Detail
from esep.documents.plain import shown
from esep.exact import added
from esep.letters.wording import citation
from esep.texts import numbers, text
from esep.texts.details import found_words
from esep.texts.filing_words import channel_words, event_words, place_words

_STYLE = {"accepted": "green", "refused": "red", "superseded": "blue", "registered": "yellow"}
_LONGEST = 300
_EFFECTS = 20
"""Effects that are listed; --json has all."""


def print_filing(told: Mapping[str, Any], language: str) -> None:
    """Print what `show.gathered` found."""
    _Report(language).print(told)


class _Report:
    def __init__(self, language: str) -> None:
        self._language = language
        self._console = Console(soft_wrap=False, highlight=False)

    def print(self, told: Mapping[str, Any]) -> None:
        self._line(self._t("filing.title", number=told["registration_no"]), "bold")
        for fault in told["damaged"]:
            self._line(f"{self._t('filing.damaged')} {fault}", "red")
        if told["in_warehouse"]:
            self._head(told["filing"])
            self._versions(told)
            self._verdict(told)
            self._findings(told)
        else:
            self._line(self._t("filing.not_loaded"), "yellow")
            if told["warehouse_error"]:
                self._line(told["warehouse_error"], "yellow")
            self._archived(told)
        self._letters(told["letters"])
        if told["in_warehouse"]:
            self._figures(told)
        self._events(told["events"])

    def _head(self, filing: Mapping[str, Any]) -> None:
        state = self._t(f"filing.state_{filing['status']}")
        self._line(f"{self._t('filing.state')}: {state}", _STYLE[filing["status"]])
        if filing["overruled_at"]:
            moment = numbers.moment(filing["overruled_at"], self._language)
            name, reason = filing["overruled_by"], filing["overrule_reason"]
            self._line(self._t("filing.is_overruled", name=name, moment=moment, reason=reason))
        pool = " ".join(part for part in (filing["pool_id"], filing["pool_name"]) if part)
        self._line(f"{self._t('filing.pool')}: {pool or self._t('filing.pool_unknown')}")
        period = numbers.month(filing["period"], self._language) if filing["period"] else None
        self._line(f"{self._t('filing.period')}: {period or self._t('filing.period_unknown')}")
        received = numbers.moment(filing["received_at"], self._language)
        self._line(f"{self._t('filing.received')}: {received}; {filing['incoming_no'] or '–'}")
        rows = numbers.count(filing["row_count"] or 0, self._language)
        left_out = filing["excluded_count"] or 0
        words = f" ({self._t('filing.excluded', count=left_out)})" if left_out else ""
        self._line(f"{self._t('filing.rows')}: {rows}{words}")
        if filing["stamp_error"]:
            self._line(self._t("filing.stamp_error", words=filing["stamp_error"]), "yellow")

    def _versions(self, told: Mapping[str, Any]) -> None:
        table = self._table("versions", "number", "kind", "arrived", "due", "lateness", "state")
        for version in told["versions"]:
            own = version["registration_no"] == told["registration_no"]
            corrects = version["kind"] == "correction"
            self._row(
                table,
                version["registration_no"],
                self._t(f"filing.kind_{version['kind']}"),
                numbers.moment(version["received_at"], self._language),
                numbers.day(version["correction_due_on" if corrects else "due_effective_on"], self._language),
                self._late(version["days_late"]),
                self._t(f"filing.state_{version['status']}"),
                style="bold" if own else "",
            )
        self._console.print(table)
        if told["duties"]:
            table = self._table("duties_caption", "duty", "paragraph", "due", "done", "state")
            for duty in told["duties"]:
                self._row(
                    table,
                    f"{self._t('filing.duty_' + duty['kind'])} {duty['letter_no'] or ''}".strip(),
                    self._t("filing.para", n=duty["paragraph"]),
                    numbers.day(duty["due_on"], self._language),
                    numbers.day(duty["done_on"], self._language),
                    self._t(f"filing.duty_state_{duty['state']}"),
                )
            self._console.print(table)

    def _verdict(self, told: Mapping[str, Any]) -> None:
        table = self._table("verdict", "when", "verdict", "rows", "ruleset", "code")
        for one in told["examinations"]:
            self._row(
                table,
                numbers.moment(one["examined_at"], self._language),
                self._t(f"filing.verdict_{one['verdict']}"),
                str(one["row_count"]),
                one["ruleset"],
                one["code_version"],
            )
        if told["examinations"]:
            self._console.print(table)
        else:
            self._line(self._t("filing.no_verdict"), "yellow")
        for signature in told["signatures"]:
            state = self._t(f"filing.signature_{signature['state']}")
            self._line(f"{signature['file']}: {state} {signature['detail_code'] or ''}")

    def _findings(self, told: Mapping[str, Any]) -> None:
        if not told["findings"]:
            if told["examinations"]:
                self._line(self._t("filing.no_findings"), "green")
            return
        table = self._table("findings", "rule", "severity", "remark", "cases")
        for group in told["findings"]:
            words = group["common"] or group["general"]
            remark = words[self._language] if words else self._t("filing.remark_hidden")
            about = f"{remark} ({citation(group['paragraph'], self._language)})"
            if group["waived"]:
                until = numbers.day(group["waived"]["waived_until"], self._language)
                about = f"{about} [{self._t('filing.waived', day=until)}]"
            severity = self._t(f"state.severity_{group['severity']}")
            self._row(table, group["rule_id"], severity, about, str(group["count"]), style="bold")
            for fault in group["faults"]:
                self._row(table, "", "", self._fault(fault), str(fault["occurrences"]))
        self._console.print(table)

    def _fault(self, fault: Mapping[str, Any]) -> str:
        place = place_words(
            self._language,
            file=fault["file"],
            sheet=fault["sheet"],
            row=fault["row"],
            column_no=fault["column_no"],
            cell=fault["cell"],
        )
        of_cell = fault["row"] is not None or fault["sheet"] is not None
        detail = Detail.from_json(fault["found_detail"])
        found = found_words(fault["found"], detail, self._language, is_of_cell=of_cell)
        parts = [place]
        if found is not None:
            parts.append(f"{self._t('filing.found')}: {found}")
        if fault["expected"] is not None:
            parts.append(f"{self._t('filing.expected')}: {fault['expected']}")
        return "; ".join(parts)

    def _letters(self, letters: Iterable[Mapping[str, Any]]) -> None:
        table = self._table("letters", "letter_no", "letter_kind", "dated", "send_by", "sent")
        for letter in letters:
            sent = "; ".join(
                f"{numbers.moment(one['sent_at'], self._language)} {channel_words(one['channel'], self._language)}"
                for one in letter["dispatches"]
            )
            self._row(
                table,
                letter["letter_no"],
                self._t(f"filing.letter_{letter['kind']}"),
                numbers.day(letter["dated"], self._language),
                numbers.day(letter["send_by"], self._language) if letter["kind"] in ("refusal", "notice") else "–",
                sent or "–",
            )
        if table.row_count:
            self._console.print(table)

    def _figures(self, told: Mapping[str, Any]) -> None:
        if told["contribution"]:
            table = self._table("contribution_caption", "year", "role", "asset", "quantity", "unvalued", "tenge")
            for part in told["contribution"]:
                self._row(
                    table,
                    str(part["year"] or "–"),
                    self._t(f"state.role_{part['role']}"),
                    part["asset"] or "–",
                    numbers.quantity(part["quantity"], self._language),
                    numbers.quantity(part["unvalued_quantity"], self._language) if part["unvalued_quantity"] else "–",
                    numbers.tenge(part["income_kzt"], self._language),
                )
            self._console.print(table)
            self._line(self._t("filing.contribution_note"), "dim")
        if told["changed_rows"]:
            counts = (f"{self._t(f'filing.change_{name}')}: {count}" for name, count in told["changed_rows"].items())
            self._line(f"{self._t('filing.effect_title', number=told['filing']['replaces'])}: {'; '.join(counts)}")
        if told["effect"]:
            self._effect(told["effect"])

    def _effect(self, effects: list[Mapping[str, Any]]) -> None:
        table = self._table("effect_caption", "role", "taxpayer", "asset", "units_difference", "tenge_difference")
        for effect in effects[:_EFFECTS]:
            self._row(
                table,
                self._t(f"state.role_{effect['role']}"),
                f"{effect['taxpayer_id'] or '–'} {effect['taxpayer_name'] or ''}".strip(),
                effect["asset"] or "–",
                numbers.signed_quantity(effect["quantity_difference"], self._language),
                numbers.signed_tenge(effect["income_kzt_difference"], self._language),
            )
        self._console.print(table)
        total = added(effect["income_kzt_difference"] for effect in effects)
        self._line(f"{self._t('filing.tenge_difference')}: {numbers.signed_tenge(total, self._language)}", "bold")

    def _events(self, events: Iterable[Mapping[str, Any]]) -> None:
        table = self._table("events", "when", "who", "what", "reason")
        for event in events:
            self._row(
                table,
                numbers.moment(event["at"], self._language),
                event["author"],
                event_words(event["event"], event["data"], self._language),
                str(event["data"].get("reason") or "–"),
            )
        if table.row_count:
            self._console.print(table)

    def _archived(self, told: Mapping[str, Any]) -> None:
        """What the archive alone says."""
        receipt, verdict = told["receipt"], told["last_verdict"]
        if receipt:
            received = numbers.moment(datetime.fromisoformat(receipt["received_at"]), self._language)
            registered = numbers.day(date.fromisoformat(receipt["registered_on"]), self._language)
            self._line(f"{self._t('filing.received')}: {received}")
            self._line(f"{self._t('filing.registered')}: {registered}; {receipt['incoming_no'] or '–'}")
            self._line(f"{self._t('filing.source_name')}: {receipt['source_name']}")
            for file in receipt["files"]:
                self._line(f"  {file['path']} {numbers.count(file['size'], self._language)} {file['sha256']}")
        if verdict:
            pool = " ".join(str(verdict.get(name)) for name in ("pool_id", "pool_name") if verdict.get(name))
            self._line(f"{self._t('filing.verdict')}: {self._t('filing.verdict_' + str(verdict['verdict']))}")
            self._line(f"{self._t('filing.pool')}: {pool or '–'}; {verdict.get('period') or '–'}")
            counts = ", ".join(f"{rule} {count}" for rule, count in (verdict.get("findings") or {}).items())
            self._line(f"{self._t('filing.part_findings')}: {counts or '–'}")
        else:
            self._line(self._t("filing.no_verdict"))

    def _late(self, days: int | None) -> str:
        if days:
            return self._t("filing.days_late", days=days)
        return self._t("filing.in_time" if days == 0 else "filing.term_unknown")

    def _table(self, title: str, *columns: str) -> Table:
        key = f"filing.{title}" if title.endswith("caption") else f"filing.part_{title}"
        table = Table(title=self._t(key), title_justify="left", title_style="bold", expand=False)
        for name in columns:
            right = name in ("cases", "rows", "quantity", "unvalued", "tenge", "units_difference", "tenge_difference")
            table.add_column(self._t(f"filing.{name}"), justify="right" if right else "left", overflow="fold")
        return table

    def _row(self, table: Table, *cells: str, style: str = "") -> None:
        table.add_row(*(escape(shown(cell, _LONGEST)) for cell in cells), style=style)

    def _line(self, words: str, style: str = "") -> None:
        self._console.print(escape(shown(words, 2000)), style=style)

    def _t(self, key: str, **values: object) -> str:
        return text(key, self._language, **values)
