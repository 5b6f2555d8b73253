"""`python -m esep.orchestration` (make run): exit code 0 when all that could be done is done, else 1; 2 if unusable."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape

from esep.config import ConfigurationError, Settings
from esep.orchestration.run import RunError, drain
from esep.orchestration.run_report import print_report


def main() -> int:
    console = Console()
    try:
        settings = Settings.from_environment()
        report = drain(settings, console)
    except (ConfigurationError, RunError, OSError) as error:
        console.print(f"[bold red]Cannot run:[/] {escape(str(error))}", soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        console.print("Stopped. Nothing is lost: the next run goes on where this one was.")
        return 130
    print_report(report, settings, console)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
