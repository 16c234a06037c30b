"""
What a description says of a service, checked: every table and key of the file, with what is taken where it is silent.

docs/descriptions.md has the schema by example. A description holds addresses, names, words and numbers; how tasks are
created once, waited for and downloaded is the engine's, the same for all.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.models import ImageMode
from bot.providers.tasks.descriptions.status_words import StatusWords, listed
from bot.providers.tasks.descriptions.template import check_places, texts
from bot.providers.tasks.descriptions.texts import (
    ADDRESS_PLACES,
    SHOWS_KEY,
    BaseAddress,
    FailureOutcome,
    HeaderName,
    Headers,
    HeaderValue,
    Hosts,
    KeyName,
    Numbers,
    Paths,
    Texts,
    UrlPath,
    parse_paths,
)

MAX_ENTRIES = 200  # rules of one description
PICTURE_PLACES = ("image", "image_type", "last_image", "images")
CREATE_PLACES = ("model", "prompt", "seconds", "size", "width", "height", "ratio", *PICTURE_PLACES)
Seconds = Annotated[float, Field(ge=2, le=300)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Auth(_Table):
    """How the key is shown: in which header, and behind which word; ``key`` names the variable that holds it."""

    header: HeaderName = "Authorization"
    prefix: HeaderValue | None = None
    key: KeyName = "VIDEO_API_KEY"

    def value(self, secret: str) -> str:
        """Return what the header says for ``secret``."""
        default = "Bearer " if self.header.lower() == "authorization" else ""
        return (default if self.prefix is None else self.prefix) + secret


class PictureRules(_Table):
    """How a picture travels, and what the service takes: ``sides`` are the shortest and the longest in pixels."""

    travels: Annotated[Literal["file", "data_url", "base64", "link"], Field(alias="as")] = "data_url"
    types: Annotated[tuple[Literal["image/jpeg", "image/png", "image/webp"], ...], BeforeValidator(listed)] = ()
    max_bytes: Annotated[int, Field(ge=0)] = 0
    sides: Annotated[Numbers, Field(min_length=2, max_length=2)] | None = None
    exact: bool = False
    """Whether it must have the size of the video to the pixel."""


class Ask(_Table):
    """What may be asked for; the first of each is sent where nobody chose."""

    seconds: Annotated[tuple[Annotated[int, Field(gt=0, le=600)], ...], BeforeValidator(listed)] = ()
    size: Texts = ()
    ratio: Texts = ()


class Step(_Table):
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


class CreateStep(Step):
    """The call that makes a task; ``id`` is where its answer names it."""

    method: Literal["POST", "PUT"] = "POST"
    path: UrlPath
    body: dict[str, Any]
    id: Paths = ()

    @classmethod
    def places(cls) -> tuple[str, ...]:
        return CREATE_PLACES


class TaskStep(Step):
    """A call about one task."""

    @model_validator(mode="after")
    def _names_the_task(self) -> Self:
        said = " ".join(texts([self.path or "", self.query, self.body or {}]))
        if not (self.addressed_by or re.search(r"\{(?:result_)?id\b", said)):
            raise ValueError("names no task: its path, query or body needs the place id, in braces")
        return self


class PollStep(TaskStep):
    """The call that asks how a task is doing, and where its answer says so; what is silent is searched for."""

    every: Seconds = 10
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


class Cost(_Table):
    """Where an answer names what a video cost, and what one of its units is worth in the operator's currency."""

    at: Paths
    factor: Annotated[float, Field(gt=0)] = 1


class ErrorRule(_Table):
    """
    A failure and what it means. All that is given must hold: ``code`` and ``at`` are patterns with ``*`` of which one
    fits a code or a place of the request, ``says`` words of which one is in the message, ``http`` statuses.
    """

    code: Texts = ()
    at: Texts = ()
    says: Texts = ()
    http: Numbers = ()
    outcome: FailureOutcome
    """None for ``again``: nothing is known yet."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not (self.code or self.at or self.says or self.http):
            raise ValueError("needs one of code, at, says, http")
        return self


_DOLLARS = (
    Cost(at=parse_paths(["usage.cost", "data.usage.cost", "metadata.cost_estimate"])),
    Cost(at=parse_paths(["usage.cost_in_usd_ticks", "data.usage.cost_in_usd_ticks"]), factor=1e-10),
)


class Description(_Table):
    """One service. ``base`` is its address, or only the path below the operator's ``VIDEO_API_URL``."""

    schema_version: Literal[1] = Field(alias="schema")
    kind: Literal["task"]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    base: BaseAddress
    hosts: Hosts = ()
    auth: Auth = Auth()
    headers: Headers = Field(default_factory=dict)
    image: PictureRules = PictureRules()
    ask: Ask = Ask()
    create: CreateStep
    poll: PollStep
    content: ContentStep | None = None
    result: ResultStep | None = None
    cancel: TaskStep | None = None
    status: StatusWords = StatusWords()
    cost: Annotated[tuple[Cost, ...], BeforeValidator(listed)] = _DOLLARS
    link_with_key: bool = True
    """Whether a link on the service's own origin opens with the key alone."""
    errors: Annotated[tuple[ErrorRule, ...], BeforeValidator(listed), Field(max_length=MAX_ENTRIES)] = ()
    models: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """By a pattern of model names, what differs from the rest of the file."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.content and self.result:
            raise ValueError("content and result exclude each other: the one gives the video, the other its link")
        steps: tuple[Step | None, ...] = (self.create, self.poll, self.content, self.result, self.cancel)
        each = [self.headers, *(step.headers for step in steps if step)]
        names = [name.lower() for headers in each for name in headers]
        if self.auth.header.lower() in names or any(map(SHOWS_KEY.fullmatch, names)):
            raise ValueError("headers may not hold the key; auth says how it is shown")
        if self.image.travels == "file":
            self._check_form()
        return self

    def _check_form(self) -> None:
        """Raise ValueError if the body has a picture within an object: a form has no place within a place."""
        inner = [
            one
            for held in self.create.body.values()
            for one in (held if isinstance(held, list) else [held])
            if isinstance(one, dict)
        ]
        check_places(inner, set(CREATE_PLACES) - set(PICTURE_PLACES))

    @property
    def image_modes(self) -> tuple[ImageMode, ...]:
        """How pictures may travel in place of how they do."""
        try:
            self._check_form()
        except ValueError:
            return "data", "url", "base64"
        return "data", "url", "base64", "file"

    @property
    def has_address(self) -> bool:
        """Whether the service has an address of its own, or only a path below the operator's."""
        return "://" in self.base

    @property
    def after_made(self) -> ResultStep | None:
        """The call that follows when the video was made and no link is known."""
        return self.content or self.result

    def pattern_of(self, model: str) -> str | None:
        """Return the first pattern of ``models`` that fits ``model``."""
        return next((pattern for pattern in self.models if fnmatchcase(model, pattern)), None)
