"""
What a description says of a service, checked: every table and key of the file, with what is taken where it is silent.

docs/descriptions.md has the schema by example. A description holds addresses, names, words and numbers; how tasks are
created once, waited for and downloaded is the engine's, the same for all.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.models import ImageMode
from bot.providers.tasks.descriptions.paths import first
from bot.providers.tasks.descriptions.status_words import StatusWords, Words, listed, plain_word
from bot.providers.tasks.descriptions.template import check_places
from bot.providers.tasks.descriptions.texts import (
    ADDRESS_PLACES,
    BaseAddress,
    Codes,
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
PICTURE_PLACES = ("image", "image_type", "last_image", "last_image_type", "images")
CREATE_PLACES = (
    *("model", "prompt", "seconds", "size", "width", "height", "ratio", "resolution", "seed", "uuid"),
    "nothing",  # which never has a value: for a key that a model does not take
    *PICTURE_PLACES,
)
Seconds = Annotated[float, Field(ge=2, le=300)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Auth(_Table):
    """
    How the key is shown: in which header, and behind which word; ``key`` names the variable that holds it, ``hosts``
    the service's own beside that of its address: the key goes there too. ``page`` is where people get one.
    """

    header: HeaderName = "Authorization"
    prefix: HeaderValue | None = None
    key: KeyName = "VIDEO_API_KEY"
    hosts: Hosts = ()
    page: BaseAddress = ""

    def value(self, secret: str) -> str:
        """Return what the header says for ``secret``."""
        default = "Bearer " if self.header.lower() == "authorization" else ""
        return (default if self.prefix is None else self.prefix) + secret


class PictureRules(_Table):
    """How a picture travels, and what the service takes: ``sides`` are the shortest and the longest in pixels."""

    travels: Annotated[Literal["file", "data_url", "base64", "link", "upload"], Field(alias="as")] = "data_url"
    types: Annotated[tuple[Literal["image/jpeg", "image/png", "image/webp"], ...], BeforeValidator(listed)] = ()
    max_bytes: Annotated[int, Field(ge=0)] = 0
    sides: Annotated[Numbers, Field(min_length=2, max_length=2)] | None = None
    exact: bool = False
    """Whether it must have the size of the video to the pixel."""


class Ask(_Table):
    """
    What may be asked for; the first of each is sent where nobody chose. Other seconds become the nearest of these;
    ``resolution`` and ``ratio`` are told by the size, where that has one of these.
    """

    seconds: Annotated[tuple[Annotated[int, Field(gt=0, le=600)], ...], BeforeValidator(listed)] = ()
    size: Texts = ()
    ratio: Texts = ()
    resolution: Texts = ()


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
    paths: dict[Annotated[str, Field(pattern="^[0-9]$")], UrlPath] = Field(default_factory=dict)
    """By a number of pictures: where so many, or more, have a path of their own; ``0`` is none."""
    fill_extra: bool = False
    """Whether the operator's further fields may hold places."""

    @classmethod
    def places(cls) -> tuple[str, ...]:
        return CREATE_PLACES

    def path_for(self, pictures: int) -> str:
        """Return the path of a create with so many pictures."""
        numbers = [n for n in map(int, self.paths) if (0 < n <= pictures) or n == pictures]
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


class PollStep(Step):
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


class ResultStep(Step):
    """A call after the video was made: it gives the video, its link, or why there is none after all."""

    id: Paths = ()
    """Where the answer to the poll names what ``{result_id}`` stands for."""
    link: Paths = ()


class Cost(_Table):
    """
    Where an answer names what a video cost, and what one of its units is worth in the operator's currency. ``credits``
    are units of which nobody knows the worth: they are told, not booked.
    """

    at: Paths
    factor: Annotated[float, Field(gt=0)] = 1
    credits: bool = False


class FailureSign(_Table):
    """A value ``at`` a place of an answer that says that it failed, whatever the status: any ``but`` these."""

    at: Paths
    but: Words = ()

    def stands_in(self, answer: Any) -> bool:
        """Whether ``answer``, the JSON of it, has such a value."""
        value = first(self.at, answer)
        return value is not None and value is not False and plain_word(value) not in map(plain_word, self.but)


class ErrorRule(_Table):
    """
    A failure and what it means. All that is given must hold: ``code`` and ``at`` are patterns with ``*`` of which one
    fits a code or a place of the request, ``says`` words of which one is in the message, ``http`` statuses.
    """

    code: Codes = ()
    at: Texts = ()
    says: Texts = ()
    http: Numbers = ()
    outcome: FailureOutcome
    """None for ``again``: nothing is known yet."""
    model_gone: bool = False

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
    grade: Literal["read", "tested", "live"] = "read"
    """How well it is known: read in its documents, tested with recorded answers, or seen live."""
    base: BaseAddress
    hosts: Hosts = ()
    auth: Auth = Auth()
    headers: Headers = Field(default_factory=dict)
    image: PictureRules = PictureRules()
    ask: Ask = Ask()
    upload: UploadStep | None = None
    create: CreateStep
    poll: PollStep
    content: ResultStep | None = None
    """The call that gives the video itself."""
    link_call: ResultStep | None = None
    """The call that gives its link."""
    result: ResultStep | None = None
    """The call that gives its link or the reason why there is none: only it tells how the task ended."""
    cancel: Step | None = None
    status: StatusWords = StatusWords()
    cost: Annotated[tuple[Cost, ...], BeforeValidator(listed)] = _DOLLARS
    link_with_key: bool = True
    """Whether a link on the service's own origin opens with the key alone."""
    http_at: Paths = ()
    """Where the body of an answer says the HTTP status that stands for its own."""
    failed_if: Annotated[tuple[FailureSign, ...], BeforeValidator(listed)] = ()
    errors: Annotated[tuple[ErrorRule, ...], BeforeValidator(listed), Field(max_length=MAX_ENTRIES)] = ()
    models: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """By a pattern of model names, what differs from the rest of the file."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if sum(step is not None for step in (self.content, self.link_call, self.result)) > 1:
            raise ValueError("content, link_call and result exclude each other: one call follows when it was made")
        if (self.upload is None) == (self.image.travels == "upload"):
            raise ValueError('image.as = "upload" and the table upload belong together')
        names = [name.lower() for name in (*self.headers, *self.create.headers)]
        if self.auth.header.lower() in names or "authorization" in names:
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
        if self.upload:
            return ()
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
        return self.content or self.link_call or self.result

    def pattern_of(self, model: str) -> str | None:
        """Return the first pattern of ``models`` that fits ``model``."""
        return next((pattern for pattern in self.models if fnmatchcase(model, pattern)), None)
