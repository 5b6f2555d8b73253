"""What Airflow's own pages call DAGs, tasks and parameters: Airflow has one language for these, the office's.

That is ESEP_LANGUAGE, and without it Russian. Ids stay what they are: addresses, logs and programs use them.
"""

from __future__ import annotations

import os

from esep.texts import LANGUAGES, text

OTHERWISE = "ru"


def language() -> str:
    """The language of the names; a value that is none of the three counts as no value, a DAG must be parsed."""
    wanted = os.environ.get("ESEP_LANGUAGE", "").strip()[:2].lower()
    return wanted if wanted in LANGUAGES else OTHERWISE


def dag_name(dag_id: str) -> str:
    """What the DAG is called."""
    return text(f"dags.{dag_id}", language())


def task_name(task_id: str) -> str:
    """What the task is called, in whichever DAG it is."""
    return text(f"dags.task_{task_id}", language())


def param_title(name: str) -> str:
    """The title of a parameter's field."""
    return text(f"dags.param_{name}", language())


def param_help(dag_id: str, name: str) -> str:
    """What may be written into a parameter's field."""
    return text(f"dags.help_{dag_id}_{name}", language())


def decision_title(name: str) -> str:
    """The title of a field of a decision, as the pages of decisions have it."""
    return text(f"decide.field_{name}", language())


def decision(name: str) -> str:
    """What a decision is called."""
    return text(f"state.decision_{name}", language())


def section(name: str) -> str:
    """The heading of a part of the form of a decision."""
    return text(f"dags.section_{name}", language())


def field_title(name: str) -> str:
    """The title of a field that the page of a run shows, too."""
    return text(f"run.field_{name}", language())
