"""Imported by a Celery worker before it forks the processes that tasks run in (Celery's setting `imports`)."""

from __future__ import annotations

from esep.orchestration import warm

warm.load()
