"""The warehouse brought up to date step by step, or made anew from archive, lake and reference data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from esep.config import Settings
from esep.warehouse import build, checks, engines, load, published, reference, work
from esep.warehouse.errors import WarehouseError


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What each step did."""

    reference: tuple[reference.ReferenceReport, ...]
    load: load.LoadReport
    build: build.BuildReport
    checks: checks.CheckReport
    publish: published.PublishReport

    def summary(self) -> str:
        """One line a step, for people."""
        refused = [f"{report.name} refused: {problem}" for report in self.reference for problem in report.problems]
        return "\n".join([*refused, str(self.load), str(self.build), str(self.checks), str(self.publish)])


def refresh(settings: Settings, now: datetime) -> RefreshReport:
    """Bring the warehouse up to date and publish it. Each step finds its own work, so all may be repeated.

    Raises LoadError or CheckError when something keeps the new content from being published.
    """
    with engines.kept(settings), work.locked(settings):
        accepted = _accept(settings, now)
        with work.opened(settings):  # once for these steps, which each open it when run alone
            loaded = load.load(settings, now)
            built = build.build_marts(settings, now)
            checked = checks.run(settings)
        return RefreshReport(accepted, loaded, built, checked, published.publish(settings))


def _accept(settings: Settings, now: datetime) -> tuple[reference.ReferenceReport, ...]:
    try:
        return tuple(reference.accept(settings, now))
    except WarehouseError:  # an accepted version is damaged: name all that is, not only this one
        load.require_sound(settings)
        raise


def rebuild(settings: Settings, now: datetime) -> RefreshReport:
    """Prove every byte, throw the working file away, and refresh: the same content by another way.

    Readers keep the last snapshot until the new one is published. Raises DamagedHomeError before anything is thrown
    away.
    """
    with work.locked(settings):
        load.require_sound(settings, full=True)
        work.discard(settings)
        return refresh(settings, now)
