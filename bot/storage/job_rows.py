"""The rows of the table ``jobs``, as a query has them and as a JobRecord."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Row, select

from bot.errors import StorageError
from bot.models import KEPT_VIDEO, Delivery, JobRecord, JobState, Outcome
from bot.policy.admission import AdmissionRequest
from bot.storage.engine.tables import jobs


def columns() -> list[Column[Any]]:
    """Return the columns that a JobRecord is made of."""
    return [jobs.c[name] for name in JobRecord.__dataclass_fields__]


def records() -> Any:
    """Return the query for jobs as they are."""
    return select(*columns())


def admission_request(row: Row[Any]) -> AdmissionRequest:
    """Return what a job was admitted for, from a row with the ids of roles and places. Raises StorageError."""
    try:
        roles, places = (frozenset(map(int, text.split())) for text in (row.role_ids, row.place_ids))
    except ValueError as error:
        raise _unreadable(row, error) from None
    return AdmissionRequest(record(row), roles, places)


def record(row: Row[Any]) -> JobRecord:
    """Return the job that stands in a row of ``records``. Raises StorageError if it holds a word that is not ours."""
    try:
        words = {
            "state": JobState(row.state),
            "outcome": Outcome(row.outcome) if row.outcome else None,
            "delivery": Delivery(row.delivery) if row.delivery else None,
        }
    except ValueError as error:
        raise _unreadable(row, error) from None
    return JobRecord(**{name: row._mapping[name] for name in JobRecord.__dataclass_fields__} | words)


def kept_video(link: str | None) -> str:
    """Return the file name of a video that came inside the reply, "" for one that has a link, or none."""
    return link.removeprefix(KEPT_VIDEO) if link and link.startswith(KEPT_VIDEO) else ""


def _unreadable(row: Row[Any], error: Exception) -> StorageError:
    return StorageError(f"the row {row.id} of jobs cannot be read: {error}")
