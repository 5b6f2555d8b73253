"""`bin/esep store`: one archive and lake for the homes of several machines, on object storage or a share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from esep.cli.common import Answer, DayType, UnusableError, answering, settings_from_environment


@click.group()
def store() -> None:
    """Keep archive and lake in the store that ESEP_STORE names, for the homes of several machines."""


@store.command()
@click.option("--office", help="Identity of the office that the store holds; none for the first home.")
@answering
def join(office: str | None) -> Answer:
    """Join this home to the store: the first brings its records, each later one takes them in.

    May be interrupted and run again. From then on every record is written to the store first. Endpoint and keys of
    object storage are those of the usual AWS_… variables.

    \b
    Exit code: 0 joined, or it was before; 2 it cannot be, with the reason.
    Examples:  ESEP_STORE=s3://esep/office bin/esep store join
               ESEP_STORE=s3://esep/office bin/esep store join --office 3f0c…
    """
    from esep.office import joining

    settings = settings_from_environment()
    if settings.store is None:
        raise UnusableError("ESEP_STORE is not set. Name the store in it, for example s3://BUCKET/PREFIX.")
    joined = joining.join(settings.home, settings.store, office)
    line = f"{settings.store}: office {joined.office}, {joined.brought:,} additions brought, {joined.taken:,} taken in"
    return Answer(joined._asdict(), lambda: [line])


@store.command()
@click.option("--before", type=DayType(), required=True, help="Day of registration, from which on packages stay.")
@answering
def offload(before: date) -> Answer:
    """Remove the packages of decided filings from this disk, once each byte is proved and in the store.

    Receipts, verdicts and events stay, and so does the lake. What opens a package later brings it back by itself.

    \b
    Exit code: 0 done, 1 some are left (each is named with the reason), 2 not possible.
    Example:   bin/esep store offload --before 2025-01-01
    """
    from esep.office import offload as offloading

    settings = settings_from_environment()
    done = offloading.offload(settings, before)

    def lines() -> Iterator[str]:
        for number, why in done.left:
            yield f"{number}: {why}"
        yield f"{len(done.numbers):,} packages, {done.size:,} bytes removed here; {len(done.left):,} left."

    left = [{"number": number, "why": why} for number, why in done.left]
    return Answer({"numbers": done.numbers, "bytes": done.size, "left": left}, lines, 1 if done.left else 0)


@store.command()
@answering
def fetch() -> Answer:
    """Bring all packages back that were offloaded, for a backup or before this home leaves the store.

    \b
    Exit code: 0 all are here, 2 they cannot be fetched.
    Example:   bin/esep store fetch
    """
    from esep.office import offload as offloading

    settings = settings_from_environment()
    numbers = offloading.fetch(settings)
    return Answer({"numbers": numbers}, lambda: [f"{len(numbers):,} packages are here again."])
