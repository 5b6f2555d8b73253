"""Runs the DAGs of decision and dispatch over an office that a test prepared, in a process with an Airflow of its own.

`python dispatch_process.py HOME`: prints what became of each run, and what the mail server got, as one line of JSON.
An officer (a thread) answers the approval steps through the function behind Airflow's own response page.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

OFFICER = "А. Бекова"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages on 127.0.0.1 and keeps them; a mailbox `full@…` is refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.messages: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        to: list[str] = []
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                address = line.decode().split("<")[1].split(">")[0]
                if address.startswith("full@"):
                    self.wfile.write(b"552 mailbox full\r\n")
                    continue
                to.append(address)
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                content = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    content += part.removeprefix(b".")
                self.server.messages.append({"to": to, "content": content.decode()})  # type: ignore[attr-defined] # ours
            self.wfile.write(b"250 ok\r\n")


class Officer:
    """The user that Airflow's page would know."""

    def get_id(self) -> str:
        return "17"

    def get_name(self) -> str:
        return OFFICER


def answer(option: str, reason: str | None, seen: dict[str, Any]) -> None:
    """Wait for a step that asks, keep what it asks, and answer it."""
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
    from airflow.models.hitl import HITLDetail
    from airflow.utils.session import create_session

    for _ in range(600):
        with create_session() as session:
            for detail in session.query(HITLDetail).filter(HITLDetail.responded_at.is_(None)):
                step = detail.task_instance
                if step.state != "awaiting_input":
                    continue
                seen.update(subject=detail.subject, body=detail.body, options=detail.options, params=detail.params)
                payload = UpdateHITLDetailPayload(chosen_options=[option], params_input={"reason": reason})
                update_hitl_detail(step.dag_id, step.run_id, step.task_id, payload, Officer(), session)
                return
        time.sleep(0.1)


def run(dags: Any, dag_id: str, conf: dict[str, Any]) -> dict[str, Any]:
    done = dags.dags[dag_id].test(run_conf=conf)
    return {task.task_id: str(task.state) for task in done.get_task_instances()}


def dispatch(dags: Any, letter_no: str, option: str, reason: str | None = None) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    officer = threading.Thread(target=answer, args=(option, reason, seen), daemon=True)
    officer.start()
    states = run(dags, "dispatch", {"letter_no": letter_no})
    return {"states": states, **seen}


def while_waiting(*deeds: Any) -> None:
    """Do the deeds one after the other once the step waits (again)."""
    from question_process import when_waiting

    when_waiting(*deeds)


def elsewhere(settings: Any, act: Any) -> list[Any]:
    """An hour passes without an answer, the letter is decided elsewhere, another hour passes."""
    from question_process import both, let_an_hour_pass

    return [let_an_hour_pass, both(lambda detail, session: act(), let_an_hour_pass)]


def by_page(settings: Any, letter_no: str, seen: dict[str, Any]) -> Any:
    """What the page Letters does once its form is confirmed: the waiting step is closed, the decision recorded."""

    def deed(detail: Any, session: Any) -> None:
        from esep import clock
        from esep.orchestration import decision
        from esep.web import required_actions

        session.commit()
        waiting = required_actions.waiting()
        seen["waiting"] = [[about, step.path[: len("/dags/dispatch/runs/")]] for about, step in waiting.items()]
        seen["closed"] = required_actions.close_letters([letter_no], "Approve", "by page", OFFICER)
        fields = {"decision": "approve_letter", "letter_no": letter_no, "reason": "by page"}
        for _ in range(600):  # whichever comes first, the other writes nothing
            seen["again"] = decision.record(settings, fields, OFFICER, clock.now())
            if "on record" in seen["again"]:
                return
            time.sleep(0.1)

    return deed


def queued() -> list[tuple[str, str]]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        runs = session.query(DagRun).filter(DagRun.dag_id == "dispatch", DagRun.run_id.like("letter__%"))
        return sorted((run.run_id, run.conf["letter_no"]) for run in runs)


def send(settings: Any, letter_no: str, *, killed: bool = False) -> str:
    """What `send` says; `killed` ends it after the mail server took the message and before that is recorded."""
    from unittest.mock import patch

    from esep import clock
    from esep.orchestration import dispatch

    with patch.object(dispatch.dispatches, "record_dispatch", side_effect=KeyboardInterrupt) if killed else ExitStack():
        try:
            return dispatch.send(settings, letter_no, clock.now)
        except BaseException as error:
            return f"{type(error).__name__}: {error}"


def main(home: Path) -> None:
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home)
    server = MailServer()
    connection = {
        "conn_type": "smtp",
        "host": "127.0.0.1",
        "port": server.server_address[1],
        "extra": {"from_email": "office@example.kz", "disable_tls": True, "disable_ssl": True, "retry_limit": 0},
    }
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ.update(ESEP_RETRY_SECONDS="0", ESEP_APPROVAL="on", AIRFLOW_CONN_ESEP_SMTP="")
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils import db

    db.initdb()
    dags = DagBag(environment.DAGS)
    result: dict[str, Any] = {"errors": {str(path): str(error) for path, error in dags.import_errors.items()}}
    result["queue"] = {"states": run(dags, "dispatch_queue", {}), "queued": queued()}
    result["queue_again"] = {"states": run(dags, "dispatch_queue", {}), "queued": queued()}
    result["no_connection"] = send(settings, "2025-000003/R-1")
    os.environ["AIRFLOW_CONN_ESEP_SMTP"] = json.dumps(connection)
    run(dags, "dispatch_queue", {})
    result["queue_with_mail"] = queued()
    run(dags, "dispatch_queue", {})
    result["queue_with_mail_again"] = queued()
    result["approved"] = dispatch(dags, "2025-000001/R-1", "Approve")
    result["rejected"] = dispatch(dags, "2025-000002/R-1", "Reject", "wrong cell")
    result["sends"] = {
        "approved": send(settings, "2025-000001/R-1"),
        "rejected": send(settings, "2025-000002/R-1"),
        "no_address": send(settings, "2025-000003/R-1"),
        "full": send(settings, "2025-000004/R-1"),
        "killed": send(settings, "2025-000005/R-1", killed=True),
        "retried": send(settings, "2025-000005/R-1"),
    }
    from esep import clock
    from esep.office import dispatches

    act = {
        "elsewhere": lambda: dispatches.approve_letter(settings, "2025-000006/R-1", "by page", OFFICER, clock.now()),
        "returned": lambda: dispatches.return_letter(settings, "2025-000008/R-1", "wrong", OFFICER, clock.now()),
        "sent": lambda: dispatches.record_dispatch(
            settings, "2025-000009/R-1", "post", None, "RR1", OFFICER, clock.now()
        ),
    }
    for name, number in (("elsewhere", 6), ("returned", 8), ("sent", 9)):
        while_waiting(*elsewhere(settings, act[name]))
        result[name] = run(dags, "dispatch", {"letter_no": f"2025-{number:06}/R-1"})
    seen: dict[str, Any] = {}
    while_waiting(by_page(settings, "2025-000007/R-1", seen))
    result["by_page"] = {"states": run(dags, "dispatch", {"letter_no": "2025-000007/R-1"}), **seen}
    result["not_asked"] = run(dags, "dispatch", {"letter_no": "2025-000010/R-1"})
    fields = {"decision": "explain_silence", "pool_id": "230640000018", "period": "2025-04-01", "reason": "letter К-40"}
    result["decision"] = run(dags, "decision", fields)
    result["wrong_decision"] = run(dags, "decision", fields | {"pool_id": "230640000019"})
    result["messages"] = server.messages
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
