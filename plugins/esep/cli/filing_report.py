"""A filing in a terminal, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from esep.cli.questions import report as questions_report
from esep.detail import Detail
from esep.documents.model import Block, Cell, Column, Kind, Paragraph, Table
from esep.documents.plain import shown
from esep.exact import added
from esep.examination.check_report import contact_words
from esep.office.questions import verdict_word
from esep.texts import numbers, text
from esep.texts.words import channel_words, event_words, found_words, place_words

if TYPE_CHECKING:
    from esep.answers.tables import Row

_STATUS_LOOK = {"accepted": "good", "refused": "bad", "registered": "careful"}
_LONGEST = 300
_EFFECTS = 20
"""Effects that are listed; --json has all."""
_KINDS = {
    "cases": Kind.COUNT,
    "rows": Kind.COUNT,
    "quantity": Kind.QUANTITY,
    "unvalued": Kind.QUANTITY,
    "tenge": Kind.MONEY,
    "units_difference": Kind.NUMBER,
    "tenge_difference": Kind.NUMBER,
}
"""Columns of numbers; all others are text."""


class FilingReport:
    """A filing whole, from what show.gathered found, in blocks."""

    def __init__(self, language: str) -> None:
        self._language = language

    def blocks(self, found: Mapping[str, Any]) -> Iterator[Block]:
        yield self._line(self._t("filing.title", number=found["registration_no"]), "strong")
        for fault in found["damaged"]:
            yield self._line(f"{self._t('filing.damaged')} {fault}", "bad")
        if found["in_warehouse"]:
            yield from self._head(found["filing"])
            yield self._versions(found)
            if found["duties"]:
                yield self._duties(found["duties"])
            yield from self._questions(found)
            yield from self._handovers(found["handovers"])
            yield from self._verdict(found)
            yield from self._findings(found)
        else:
            yield self._line(self._t("filing.not_loaded"), "careful")
            if found["warehouse_error"]:
                yield self._line(found["warehouse_error"], "careful")
            yield from self._archived(found)
        if found["letters"]:
            yield self._letters(found["letters"])
        if found["in_warehouse"]:
            yield from self._figures(found)
        if found["events"]:
            yield self._events(found["events"])

    def _head(self, filing: Row) -> Iterator[Block]:
        state = self._t("state.verdict_waiting" if filing.question else f"state.status_{filing.status}")
        yield self._fact("state", state, _STATUS_LOOK.get(filing.status, "text"))
        if filing.is_transcribed:
            moment = numbers.moment(filing.answered_at, self._language)
            said = self._t("filing.is_transcribed", name=filing.answered_by, moment=moment)
            yield self._line(f"{self._t('questions.transcribed')}: {said}", "careful")
        if filing.overruled_at:
            moment = numbers.moment(filing.overruled_at, self._language)
            name, reason = filing.overruled_by, filing.overrule_reason
            yield self._line(self._t("filing.is_overruled", name=name, moment=moment, reason=reason))
        pool = " ".join(part for part in (filing.pool_id, filing.pool_name) if part)
        yield self._fact("pool", pool or self._t("filing.pool_unknown"))
        period = numbers.month(filing.period, self._language) if filing.period else None
        yield self._fact("period", period or self._t("filing.period_unknown"))
        received = numbers.moment(filing.received_at, self._language)
        yield self._fact("received", f"{received}; {filing.incoming_no or '–'}")
        left_out = filing.excluded_count or 0
        words = f" ({self._t('filing.excluded', count=left_out)})" if left_out else ""
        yield self._fact("rows", f"{numbers.count(filing.row_count or 0, self._language)}{words}")
        if filing.stamp_error:
            yield self._line(self._t("filing.stamp_error", words=filing.stamp_error), "careful")

    def _versions(self, found: Mapping[str, Any]) -> Table:
        versions: Sequence[Row] = found["versions"]
        rows = [
            (
                one.registration_no,
                self._t(f"state.kind_{one.kind}"),
                one.received_at,
                self._day(one.correction_due_on if one.kind == "correction" else one.due_effective_on),
                self._late(one.days_late),
                self._state(one),
            )
            for one in versions
        ]
        numbers_of = [one.registration_no for one in versions]
        own = {row: "strong" for row, number in enumerate(numbers_of) if number == found["registration_no"]}
        return self._table("versions", ("number", "kind", "arrived", "due", "lateness", "state"), rows, own)

    def _state(self, of: Row) -> str:
        state = self._t("state.verdict_waiting" if of.question else f"state.status_{of.status}")
        return f"{state}, {self._t('questions.transcribed')}" if of.is_transcribed else state

    def _duties(self, duties: Iterable[Row]) -> Table:
        rows = [
            (
                f"{self._t('state.duty_' + duty.kind)} {duty.letter_no or ''}".strip(),
                self._t("filing.para", n=duty.paragraph),
                self._day(duty.due_on),
                self._day(duty.done_on),
                self._t(f"state.duty_state_{duty.state}"),
            )
            for duty in duties
        ]
        return self._table("duties_caption", ("duty", "paragraph", "due", "done", "state"), rows)

    def _questions(self, found: Mapping[str, Any]) -> Iterator[Block]:
        """What an officer has to answer or answered, what he transcribed, and the filings that belong together."""
        if found["questions"]:
            yield self._line(self._t("questions.of_filing"), "strong")
            yield from questions_report(found["questions"], self._language)
        for file in found["transcriptions"]:
            moment = numbers.moment(file.at, self._language)
            yield self._line(f"{self._t('questions.transcriptions')}: {file.path} ({file.author}, {moment})", "careful")
        if joins := found["filing"].joins:
            yield self._line(f"{self._t('questions.joins')} {joins}")
        if found["joined_by"]:
            yield self._line(f"{self._t('questions.joined_by')} {', '.join(found['joined_by'])}")

    def _handovers(self, handovers: Sequence[Row]) -> Iterator[Block]:
        """When it was handed over to the other body, and what came back."""
        if not handovers:
            yield self._fact("handover", self._t("filing.not_handed_over"))
        for one in handovers:
            moment = numbers.moment(one.handed_over_at, self._language)
            done = self._t("filing.handed_over", moment=moment, name=one.handed_over_by, bundle=one.bundle)
            number, day = one.acknowledged_no, self._day(one.acknowledged_on)
            back = "acknowledged" if number else "not_acknowledged"
            yield self._fact("handover", f"{done}; {self._t(f'filing.{back}', number=number, day=day)}")

    def _verdict(self, found: Mapping[str, Any]) -> Iterator[Block]:
        examinations: Sequence[Row] = found["examinations"]
        rows = [
            (
                one.examined_at,
                self._t(f"state.verdict_{one.verdict or 'waiting'}"),
                one.row_count,
                one.ruleset,
                one.code_version,
            )
            for one in examinations
        ]
        if rows:
            yield self._table("verdict", ("when", "verdict", "rows", "ruleset", "code"), rows)
        else:
            yield self._line(self._t("filing.no_verdict"), "careful")
        for signature in found["signatures"]:
            state = self._t(f"state.signature_{signature['state']}").capitalize()
            yield self._line(f"{signature['file']}: {state} {signature['detail_code'] or ''}")
        for contacts in found["contacts"]:
            yield self._line(f"{self._t('filing.contacts')} · {contact_words(contacts, self._language)}")

    def _findings(self, found: Mapping[str, Any]) -> Iterator[Block]:
        if not found["findings"]:
            if found["examinations"]:
                yield self._line(self._t("filing.no_findings"), "good")
            return
        rows: list[tuple[Cell, ...]] = []
        looks = {}
        for group in found["findings"]:
            looks[len(rows)] = "strong"
            severity = self._t(f"state.severity_{group['severity']}")
            rows.append((group["rule_id"], severity, self._remark(group), group["count"]))
            rows += [("", "", self._fault(fault), fault["occurrences"]) for fault in group["faults"]]
        yield self._table("findings", ("rule", "severity", "remark", "cases"), rows, looks)

    def _remark(self, group: Mapping[str, Any]) -> str:
        from esep.letters.wording import citation

        words = group["common"] or group["general"]
        remark = words[self._language] if words else self._t("filing.remark_hidden")
        about = f"{remark} ({citation(group['paragraph'], self._language)})"
        if not group["waived"]:
            return about
        return f"{about} [{self._t('filing.waived', day=self._day(group['waived'].waived_until))}]"

    def _fault(self, fault: Mapping[str, Any]) -> str:
        place = place_words(
            self._language, **{name: fault[name] for name in ("file", "sheet", "row", "column_no", "cell")}
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
                f"{numbers.moment(one.sent_at, self._language)} {channel_words(one.channel, self._language)}"
                for one in letter["dispatches"]
            )
            rows.append((
                letter["letter_no"],
                self._t(f"filing.letter_{letter['kind']}"),
                self._day(letter["dated"]),
                self._day(letter["send_by"]) if letter["kind"] in ("refusal", "request", "notice") else "–",
                sent or "–",
            ))  # fmt: skip
        return self._table("letters", ("letter_no", "letter_kind", "dated", "send_by", "sent"), rows)

    def _figures(self, found: Mapping[str, Any]) -> Iterator[Block]:
        from esep.answers import valuation_basis

        contribution: Sequence[Row] = found["contribution"]
        if contribution:
            rows = [
                (
                    str(part.year or "–"),
                    self._t(f"state.role_{part.role}"),
                    part.asset or "–",
                    part.quantity,
                    part.unvalued_quantity or "–",
                    part.income_kzt,
                )
                for part in contribution
            ]
            yield self._table("contribution_caption", ("year", "role", "asset", "quantity", "unvalued", "tenge"), rows)
            yield self._line(self._t("filing.contribution_note"), "faint")
            for year in sorted({part.year for part in contribution if part.year}):
                basis = "; ".join(valuation_basis.of_year(year, self._language))
                yield self._line(f"{self._t('income.basis')}: {basis}", "faint")
        if found["changed_rows"]:
            counts = (f"{self._t(f'filing.change_{name}')}: {count}" for name, count in found["changed_rows"].items())
            title = self._t("filing.effect_title", number=found["filing"].replaces)
            yield self._line(f"{title}: {'; '.join(counts)}")
        if found["effect"]:
            yield from self._effect(found["effect"])

    def _effect(self, effects: Sequence[Row]) -> Iterator[Block]:
        rows = [
            (
                self._t(f"state.role_{effect.role}"),
                f"{effect.taxpayer_id or '–'} {effect.taxpayer_name or ''}".strip(),
                effect.asset or "–",
                numbers.signed_quantity(effect.quantity_difference, self._language),
                numbers.signed_tenge(effect.income_kzt_difference, self._language),
            )
            for effect in effects[:_EFFECTS]
        ]
        columns = ("role", "taxpayer", "asset", "units_difference", "tenge_difference")
        yield self._table("effect_caption", columns, rows)
        total = added(effect.income_kzt_difference for effect in effects)
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

    def _archived(self, found: Mapping[str, Any]) -> Iterator[Block]:
        """What the archive alone says."""
        receipt, verdict = found["receipt"], found["last_verdict"]
        if receipt:
            received = numbers.moment(receipt["received_at"], self._language)
            registered = self._day(receipt["registered_on"])
            yield self._fact("received", received)
            yield self._fact("registered", f"{registered}; {receipt['incoming_no'] or '–'}")
            yield self._fact("source_name", receipt["source_name"])
            for file in receipt["files"]:
                size = numbers.count(file["size"], self._language)
                yield self._line(f"  {file['path']} {size} {file['sha256']}")
        if verdict:
            pool = " ".join(str(verdict.get(name)) for name in ("pool_id", "pool_name") if verdict.get(name))
            yield self._fact("verdict", self._t(f"state.verdict_{verdict_word(verdict)}"))
            yield self._fact("pool", f"{pool or '–'}; {verdict.get('period') or '–'}")
            counts = ", ".join(f"{rule} {count}" for rule, count in (verdict.get("findings") or {}).items())
            yield self._fact("part_findings", counts or "–")
        else:
            yield self._line(self._t("filing.no_verdict"))

    def _late(self, days: int | None) -> str:
        if days:
            return self._t("filing.days_late", number=days)
        return self._t("filing.in_time" if days == 0 else "filing.deadline_unknown")

    def _table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        looks: Mapping[int, str] | None = None,
    ) -> Table:
        key = f"filing.{title}" if title.endswith("caption") else f"filing.part_{title}"
        made = [Column(self._t(f"filing.{name}"), _KINDS.get(name, Kind.TEXT), limit=_LONGEST) for name in columns]
        return Table(made, rows, caption=self._t(key), look="grid", looks=looks or {})

    def _day(self, value: date | None) -> str:
        return numbers.day(value, self._language)

    def _fact(self, name: str, value: str, look: str = "text") -> Paragraph:
        return self._line(f"{self._t(f'filing.{name}')}: {value}", look)

    def _line(self, words: str, look: str = "text") -> Paragraph:
        """A line whose values may be strangers'; spaces inside of numbers stay as they are."""
        parts = (shown(part, 2000) for part in words.split(numbers.NARROW_SPACE))
        return Paragraph(numbers.NARROW_SPACE.join(parts), look)

    def _t(self, key: str, **values: object) -> str:
        return text(key, self._language, **values)
