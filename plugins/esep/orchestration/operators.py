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
from esep.orchestration import dispatch, questions

LOOK_AGAIN = timedelta(hours=1)
"""How often a waiting step looks whether there is anything left to ask."""


class LookingOperator(HITLOperator):
    """Asks an officer, and looks now and then whether there is anything left to ask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(response_timeout=LOOK_AGAIN, **kwargs)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the response; where none came, look again and go on waiting."""
        if event.get("error_type") == "timeout":
            return self.execute(context)
        return super().execute_complete(context, event)


class LetterOperator(LookingOperator):
    """Asks an officer whether a letter may leave.

    Not the ApprovalOperator of Airflow: it drops the answer of a rejection, and with it who rejected and why.

    Once the letter must not leave any more the step is skipped. Once it is approved, or was returned elsewhere since
    the run began, the step ends without an answer: the decision on record counts.
    """

    template_fields = (*HITLOperator.template_fields, "letter_no")

    def __init__(self, *, letter_no: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.letter_no = letter_no

    def execute(self, context: Any) -> Any:
        """Ask, unless the letter was decided."""
        begun = context["dag_run"].start_date or clock.now()
        try:
            if dispatch.is_decided(Settings.from_environment(), self.letter_no, begun, clock.now()):
                return {}
        except dispatch.NotSentError as reason:
            raise AirflowSkipException(str(reason)) from reason
        return super().execute(context)


class QuestionOperator(LookingOperator):
    """Asks an officer a question. Once it is answered elsewhere, or stands no longer, the step is skipped.

    `options` and `given` come from the task that describes the question, `params` has the field `reason`. A response
    without a reason is not taken: the step fails, and its retry asks again.
    """

    template_fields = (*HITLOperator.template_fields, "options", "question", "given")

    def __init__(self, *, question: str, given: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.question = question
        self.given = given

    def execute(self, context: Any) -> Any:
        """Ask, unless there is nothing to ask any more."""
        try:
            questions.require_open(
                Settings.from_environment(), self.question, self.given, clock.local_date(clock.now())
            )
        except NotStandingError as reason:
            raise AirflowSkipException(str(reason)) from reason
        return super().execute(context)

    def validate_params_input(self, params_input: Mapping[str, Any]) -> None:
        """A response has a reason."""
        if not str(params_input.get("reason") or "").strip():
            raise ValueError(f"{self.question}: the answer has no reason, so it is not recorded. It is asked again.")
        super().validate_params_input(params_input)
