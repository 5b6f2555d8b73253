"""Who reads a page: Airflow's login and Airflow's roles decide, there are no users of Esep's own.

A reader who may see the DAG `warehouse` sees pages, with personal data masked. One who may also trigger the DAG
`decision` is an operator: decides, sees and downloads personal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, HTTPException, Request

from esep.config import Settings
from esep.orchestration import names
from esep.web import language


@dataclass(frozen=True, slots=True)
class Reader:
    """The person behind a request."""

    name: str
    is_operator: bool
    language: str
    settings: Settings


def reader(request: Request, user: Annotated[BaseUser, Depends(get_user)]) -> Reader:
    """The reader of any page; 401 without a login, 403 without the right to see the DAG `warehouse`."""
    manager = get_auth_manager()
    may_read = manager.is_authorized_dag(method="GET", details=DagDetails(id=names.WAREHOUSE), user=user)
    if not may_read:
        raise HTTPException(403)
    may_decide = manager.is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=DagDetails(id=names.DECISION), user=user
    )
    return Reader(user.get_name(), may_decide, language.chosen(request), Settings.from_environment())


def operator(reader: Annotated[Reader, Depends(reader)]) -> Reader:
    """The same for what only operators may do or download; 403 for others."""
    if not reader.is_operator:
        raise HTTPException(403)
    return reader


ReaderDep = Annotated[Reader, Depends(reader)]
OperatorDep = Annotated[Reader, Depends(operator)]
