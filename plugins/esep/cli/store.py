"""`bin/esep store`: one archive and lake for the homes of several machines, on object storage or a share."""

from __future__ import annotations

import click

from esep.cli.common import Answer, UnusableError, answering, settings_from_environment


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
