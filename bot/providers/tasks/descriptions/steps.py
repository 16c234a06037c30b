"""The calls of a service as its description writes them: what is sent, and where the answers say what is looked for."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.models import PictureRole
from bot.providers.tasks.descriptions.template import check_places, texts
from bot.providers.tasks.descriptions.texts import ADDRESS_PLACES, BaseAddress, Headers, Paths, UrlPath

ROLE_PLACES = {  # where pictures of each role may stand
    PictureRole.FIRST: ("image", "images"),
    PictureRole.LAST: ("last_image", "images"),
    PictureRole.REFERENCE: ("reference", "references"),
}
REFERENCE = PictureRole.REFERENCE.value
PICTURE_PLACES = (
    *("image", "image_type", "images", "last_image", "last_image_type"),
    *("reference", "reference_type", "references"),
)
CREATE_PLACES = (
    *("model", "prompt", "seconds", "size", "width", "height", "ratio", "resolution", "seed", "uuid"),
    "nothing",  # which never has a value: for a key that a model does not take
    *PICTURE_PLACES,
)
Seconds = Annotated[float, Field(ge=2, le=300)]


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Step(Table):
    """One call. ``addressed_by``: where an answer before it gives the whole address, if it does."""

    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    path: UrlPath | None = None
    addressed_by: Paths = Field((), alias="from")
    query: dict[str, str] = Field(default_factory=dict)
    headers: Headers = Field(default_factory=dict)
    body: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.path and not self.addressed_by:
            raise ValueError('needs a path, or "from": where an answer gives the address')
        check_places([self.query, self.body or {}], self.places())
        return self

    @classmethod
    def places(cls) -> tuple[str, ...]:
        """Return the names that a body or a query may hold places for."""
        return ADDRESS_PLACES


class Probe(Table):
    """What is free to ask, by GET, and tells of the key: credits, an account, a list. Without a path nothing is."""

    path: UrlPath | None = None
    query: dict[str, str] = Field(default_factory=dict)


class CreateStep(Step):
    """The call that makes a task; ``id`` is where its answer names it."""

    method: Literal["POST", "PUT"] = "POST"
    path: UrlPath
    body: dict[str, Any]
    id: Paths = ()
    paths: dict[Annotated[str, Field(pattern=f"^([0-9]|{REFERENCE})$")], UrlPath] = Field(default_factory=dict)
    """
    By a number of pictures: where so many, or more, have a path of their own; ``0`` is none. Pictures that are
    references may have one as well.
    """
    fill_extra: bool = False
    """Whether the operator's further fields may hold places."""

    @classmethod
    def places(cls) -> tuple[str, ...]:
        return CREATE_PLACES

    def path_for(self, pictures: int, references: int = 0) -> str:
        """Return the path of a create with so many pictures, ``references`` of which are that."""
        if references and REFERENCE in self.paths:
            return self.paths[REFERENCE]
        numbers = [n for n in map(int, self.paths.keys() - {REFERENCE}) if (0 < n <= pictures) or n == pictures]
        return self.paths[str(max(numbers))] if numbers else self.path


class UploadStep(Step):
    """
    A call before the create that hands over one picture, in a form; what its answer gives stands for the picture.
    ``base`` is where it goes if not to the service's address; the operator's ``VIDEO_API_URL`` goes before both.
    """

    base: BaseAddress = ""
    method: Literal["POST", "PUT"] = "POST"
    path: UrlPath
    body: dict[str, Any]
    id: Paths
    gives: Any = "{id}"
    """What goes into the create in place of the picture."""

    @model_validator(mode="after")
    def _check_gives(self) -> Self:
        check_places(self.gives, ("id",))
        return self

    @classmethod
    def places(cls) -> tuple[str, ...]:
        return "image", "image_type", "image_ending", "uuid"


class TaskStep(Step):
    """A call about one task."""

    @model_validator(mode="after")
    def _names_the_task(self) -> Self:
        said = " ".join(texts([self.path or "", self.query, self.body or {}]))
        if not (self.addressed_by or re.search(r"\{(?:result_)?id\b", said)):
            raise ValueError("names no task: its path, query or body needs the place id, in braces")
        return self


class PollStep(TaskStep):
    """
    The call that asks how a task is doing, and where its answer says so; what is silent is searched for. Where ``id``
    says that it is another task's answer, nothing was learnt. ``percent`` may lead to a log: its last line tells.
    """

    every: Seconds = 10
    id: Paths = ()
    status: Paths = ()
    percent: Paths = ()
    percent_factor: Annotated[float, Field(gt=0, le=100)] = 1
    link: Paths = ()


class ResultStep(TaskStep):
    """A call after the video was made: it gives its link, or why there is none after all."""

    id: Paths = ()
    """Where the answer to the poll names what ``{result_id}`` stands for."""
    link: Paths = ()


class ContentStep(ResultStep):
    """The call that gives the video itself: one that can be repeated, and gone on with from the middle."""

    method: Literal["GET"] = "GET"
    body: None = None
