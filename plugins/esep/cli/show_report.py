"""A filing as tables for a terminal of 80 columns or more. Texts of strangers are shown plain, on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from esep.detail import Detail
from esep.documents.model import Block, Cell, Column, Kind, Paragraph, Table
from esep.documents.plain import shown
from esep.exact import added
from esep.letters.wording import citation
from esep.texts import numbers, text
from esep.texts.details import found_words
from esep.texts.filing_words import channel_words, event_words, place_words

_STATUS_LOOK = {"accepted": "good", "refused": "bad", "registered": "careful"}
_LONGEST = 300
_EFFECTS = 20
"""Effects that are listed; --json has all."""
_NUMBERS = frozenset({"cases", "rows", "quantity", "unvalued", "tenge", "units_difference", "tenge_difference"})
"""Columns of numbers; all others are text."""


def report(told: Mapping[str, Any], language: str) -> Iterator[Block]:
    """What `show.gathered` found."""
    return _Report(language).blocks(told)


class _Report:
    def __init__(self, language: str) -> None:
        self._language = language

    def blocks(self, told: Mapping[str, Any]) -> Iterator[Block]:
        yield self._line(self._t("filing.title", number=told["registration_no"]), "strong")
        for fault in told["damaged"]:
            yield self._line(f"{self._t('filing.damaged')} {fault}", "bad")
        if told["in_warehouse"]:
            yield from self._head(told["filing"])
            yield self._versions(told)
            if told["duties"]:
                yield self._duties(told["duties"])
            yield from self._verdict(told)
            yield from self._findings(told)
        else:
            yield self._line(self._t("filing.not_loaded"), "careful")
            if told["warehouse_error"]:
                yield self._line(told["warehouse_error"], "careful")
            yield from self._archived(told)
        if told["letters"]:
            yield self._letters(told["letters"])
        if told["in_warehouse"]:
            yield from self._figures(told)
        if told["events"]:
            yield self._events(told["events"])

    def _head(self, filing: Mapping[str, Any]) -> Iterator[Block]:
        state = self._t(f"state.status_{filing['status']}")
        yield self._fact("state", state, _STATUS_LOOK.get(filing["status"], "text"))
        if filing["overruled_at"]:
            moment = numbers.moment(filing["overruled_at"], self._language)
            name, reason = filing["overruled_by"], filing["overrule_reason"]
            yield self._line(self._t("filing.is_overruled", name=name, moment=moment, reason=reason))
        pool = " ".join(part for part in (filing["pool_id"], filing["pool_name"]) if part)
        yield self._fact("pool", pool or self._t("filing.pool_unknown"))
        period = numbers.month(filing["period"], self._language) if filing["period"] else None
        yield self._fact("period", period or self._t("filing.period_unknown"))
        received = numbers.moment(filing["received_at"], self._language)
        yield self._fact("received", f"{received}; {filing['incoming_no'] or '–'}")
        left_out = filing["excluded_count"] or 0
        words = f" ({self._t('filing.excluded', count=left_out)})" if left_out else ""
        yield self._fact("rows", f"{numbers.count(filing['row_count'] or 0, self._language)}{words}")
        if filing["stamp_error"]:
            yield self._line(self._t("filing.stamp_error", words=filing["stamp_error"]), "careful")

    def _versions(self, told: Mapping[str, Any]) -> Table:
        rows = [
            (
                version["registration_no"],
                self._t(f"state.kind_{version['kind']}"),
                version["received_at"],
                self._day(version["correction_due_on" if version["kind"] == "correction" else "due_effective_on"]),
                self._late(version["days_late"]),
                self._t(f"state.status_{version['status']}"),
            )
            for version in told["versions"]
        ]
        numbers_of = [version["registration_no"] for version in told["versions"]]
        own = {row: "strong" for row, number in enumerate(numbers_of) if number == told["registration_no"]}
        return self._table("versions", ("number", "kind", "arrived", "due", "lateness", "state"), rows, own)

    def _duties(self, duties: Iterable[Mapping[str, Any]]) -> Table:
        rows = [
            (
                f"{self._t('state.duty_' + duty['kind'])} {duty['letter_no'] or ''}".strip(),
                self._t("filing.para", n=duty["paragraph"]),
                self._day(duty["due_on"]),
                self._day(duty["done_on"]),
                self._t(f"state.duty_state_{duty['state']}"),
            )
            for duty in duties
        ]
        return self._table("duties_caption", ("duty", "paragraph", "due", "done", "state"), rows)

    def _verdict(self, told: Mapping[str, Any]) -> Iterator[Block]:
        rows = [
            (
                one["examined_at"],
                self._t(f"state.verdict_{one['verdict']}"),
                one["row_count"],
                one["ruleset"],
                one["code_version"],
            )
            for one in told["examinations"]
        ]
        if rows:
            yield self._table("verdict", ("when", "verdict", "rows", "ruleset", "code"), rows)
        else:
            yield self._line(self._t("filing.no_verdict"), "careful")
        for signature in told["signatures"]:
            state = self._t(f"state.signature_{signature['state']}").capitalize()
            yield self._line(f"{signature['file']}: {state} {signature['detail_code'] or ''}")

    def _findings(self, told: Mapping[str, Any]) -> Iterator[Block]:
        if not told["findings"]:
            if told["examinations"]:
                yield self._line(self._t("filing.no_findings"), "good")
            return
        rows: list[tuple[Cell, ...]] = []
        looks = {}
        for group in told["findings"]:
            looks[len(rows)] = "strong"
            severity = self._t(f"state.severity_{group['severity']}")
            rows.append((group["rule_id"], severity, self._remark(group), group["count"]))
            rows += [("", "", self._fault(fault), fault["occurrences"]) for fault in group["faults"]]
        yield self._table("findings", ("rule", "severity", "remark", "cases"), rows, looks)

    def _remark(self, group: Mapping[str, Any]) -> str:
        words = group["common"] or group["general"]
        remark = words[self._language] if words else self._t("filing.remark_hidden")
        about = f"{remark} ({citation(group['paragraph'], self._language)})"
        if not group["waived"]:
            return about
        return f"{about} [{self._t('filing.waived', day=self._day(group['waived']['waived_until']))}]"

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

    def _letters(self, letters: Iterable[Mapping[str, Any]]) -> Table:
        rows = []
        for letter in letters:
            sent = "; ".join(
                f"{numbers.moment(one['sent_at'], self._language)} {channel_words(one['channel'], self._language)}"
                for one in letter["dispatches"]
            )
            rows.append((
                letter["letter_no"],
                self._t(f"filing.letter_{letter['kind']}"),
                self._day(letter["dated"]),
                self._day(letter["send_by"]) if letter["kind"] in ("refusal", "notice") else "–",
                sent or "–",
            ))  # fmt: skip
        return self._table("letters", ("letter_no", "letter_kind", "dated", "send_by", "sent"), rows)

    def _figures(self, told: Mapping[str, Any]) -> Iterator[Block]:
        if told["contribution"]:
            rows = [
                (
                    str(part["year"] or "–"),
                    self._t(f"state.role_{part['role']}"),
                    part["asset"] or "–",
                    self._number(numbers.quantity, part["quantity"]),
                    self._number(numbers.quantity, part["unvalued_quantity"] or None),
                    self._number(numbers.tenge, part["income_kzt"]),
                )
                for part in told["contribution"]
            ]
            yield self._table("contribution_caption", ("year", "role", "asset", "quantity", "unvalued", "tenge"), rows)
            yield self._line(self._t("filing.contribution_note"), "faint")
        if told["changed_rows"]:
            counts = (f"{self._t(f'filing.change_{name}')}: {count}" for name, count in told["changed_rows"].items())
            title = self._t("filing.effect_title", number=told["filing"]["replaces"])
            yield self._line(f"{title}: {'; '.join(counts)}")
        if told["effect"]:
            yield from self._effect(told["effect"])

    def _effect(self, effects: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
        rows = [
            (
                self._t(f"state.role_{effect['role']}"),
                f"{effect['taxpayer_id'] or '–'} {effect['taxpayer_name'] or ''}".strip(),
                effect["asset"] or "–",
                self._number(numbers.signed_quantity, effect["quantity_difference"]),
                self._number(numbers.signed_tenge, effect["income_kzt_difference"]),
            )
            for effect in effects[:_EFFECTS]
        ]
        columns = ("role", "taxpayer", "asset", "units_difference", "tenge_difference")
        yield self._table("effect_caption", columns, rows)
        total = added(effect["income_kzt_difference"] for effect in effects)
        yield self._fact("tenge_difference", numbers.signed_tenge(total, self._language), "strong")

    def _events(self, events: Iterable[Mapping[str, Any]]) -> Table:
        rows = [
            (
                event["at"],
                event["author"],
                event_words(event["event"], event["data"], self._language),
                str(event["data"].get("reason") or "–"),
            )
            for event in events
        ]
        return self._table("events", ("when", "who", "what", "reason"), rows)

    def _archived(self, told: Mapping[str, Any]) -> Iterator[Block]:
        """What the archive alone says."""
        receipt, verdict = told["receipt"], told["last_verdict"]
        if receipt:
            received = numbers.moment(datetime.fromisoformat(receipt["received_at"]), self._language)
            registered = self._day(date.fromisoformat(receipt["registered_on"]))
            yield self._fact("received", received)
            yield self._fact("registered", f"{registered}; {receipt['incoming_no'] or '–'}")
            yield self._fact("source_name", receipt["source_name"])
            for file in receipt["files"]:
                size = numbers.count(file["size"], self._language)
                yield self._line(f"  {file['path']} {size} {file['sha256']}")
        if verdict:
            pool = " ".join(str(verdict.get(name)) for name in ("pool_id", "pool_name") if verdict.get(name))
            yield self._fact("verdict", self._t(f"state.verdict_{verdict['verdict']}"))
            yield self._fact("pool", f"{pool or '–'}; {verdict.get('period') or '–'}")
            counts = ", ".join(f"{rule} {count}" for rule, count in (verdict.get("findings") or {}).items())
            yield self._fact("part_findings", counts or "–")
        else:
            yield self._line(self._t("filing.no_verdict"))

    def _late(self, days: int | None) -> str:
        if days:
            return self._t("filing.days_late", days=days)
        return self._t("filing.in_time" if days == 0 else "filing.term_unknown")

    def _table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        looks: Mapping[int, str] | None = None,
    ) -> Table:
        key = f"filing.{title}" if title.endswith("caption") else f"filing.part_{title}"
        kinds = (Kind.NUMBER if name in _NUMBERS else Kind.TEXT for name in columns)
        made = [
            Column(self._t(f"filing.{name}"), kind, limit=_LONGEST) for name, kind in zip(columns, kinds, strict=True)
        ]
        return Table(made, rows, caption=self._t(key), look="grid", looks=looks or {})

    def _number(self, write: Callable[[Decimal | None, str], str], value: Decimal | None) -> str:
        """A number with plain spaces, as it stands in the lines between the tables."""
        return shown(write(value, self._language))

    def _day(self, value: date | None) -> str:
        return numbers.day(value, self._language)

    def _fact(self, name: str, value: str, look: str = "text") -> Paragraph:
        return self._line(f"{self._t(f'filing.{name}')}: {value}", look)

    def _line(self, words: str, look: str = "text") -> Paragraph:
        """A line whose values may be strangers'."""
        return Paragraph(shown(words, 2000), look)

    def _t(self, key: str, **values: object) -> str:
        return text(key, self._language, **values)
