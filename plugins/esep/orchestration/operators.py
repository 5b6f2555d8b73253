"""Airflow's operators of Esep's own. Needs Airflow at import, as `assets` and `triggers` do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk.exceptions import AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.examination.standing import NotStandingError
from esep.orchestration import questions as work

LOOK_AGAIN = timedelta(hours=1)
"""How often a waiting step looks whether its question still stands."""


class QuestionOperator(HITLOperator):
    """Asks an officer a question. Once it is answered elsewhere, or stands no longer, the step is skipped.

    `options` and `given` come from the task that describes the question, `params` has the field `reason`. A response
    without a reason is not taken: the step fails, and its retry asks again.
    """

    template_fields = (*HITLOperator.template_fields, "options", "question", "given")

    def __init__(self, *, question: str, given: Any, **kwargs: Any) -> None:
        super().__init__(response_timeout=LOOK_AGAIN, **kwargs)
        self.question = question
        self.given = given

    def execute(self, context: Any) -> Any:
        """Ask, unless there is nothing to ask any more."""
        try:
            work.require_open(Settings.from_environment(), self.question, self.given, clock.local_date(clock.now()))
        except NotStandingError as reason:
            raise AirflowSkipException(str(reason)) from reason
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the response; where none came, look again and go on waiting."""
        if event.get("error_type") == "timeout":
            return self.execute(context)
        return super().execute_complete(context, event)

    def validate_params_input(self, params_input: Mapping[str, Any]) -> None:
        """A response has a reason."""
        if not str(params_input.get("reason") or "").strip():
            raise ValueError(f"{self.question}: the answer has no reason, so it is not recorded. It is asked again.")
        super().validate_params_input(params_input)
