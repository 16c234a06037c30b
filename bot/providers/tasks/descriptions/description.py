"""
What a description says of a service, checked: every table and key of the file, with what is taken where it is silent.

docs/descriptions.md has the schema by example. A description holds addresses, names, words and numbers; how tasks are
created once, waited for and downloaded is the engine's, the same for all.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.models import ImageMode, PictureRole
from bot.providers.tasks.descriptions.paths import first
from bot.providers.tasks.descriptions.status_words import StatusWords, Words, listed, plain_word
from bot.providers.tasks.descriptions.steps import (
    CREATE_PLACES,
    PICTURE_PLACES,
    ROLE_PLACES,
    ContentStep,
    CreateStep,
    PollStep,
    Probe,
    ResultStep,
    Step,
    Table,
    TaskStep,
    UploadStep,
)
from bot.providers.tasks.descriptions.template import check_places, places_in
from bot.providers.tasks.descriptions.texts import (
    SHOWS_KEY,
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
    parse_paths,
)

MAX_ENTRIES = 200  # rules of one description


class Auth(Table):
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


class PictureRules(Table):
    """How a picture travels, and what the service takes: ``sides`` are the shortest and the longest in pixels."""

    travels: Annotated[Literal["file", "data_url", "base64", "link", "upload"], Field(alias="as")] = "data_url"
    types: Annotated[tuple[Literal["image/jpeg", "image/png", "image/webp"], ...], BeforeValidator(listed)] = ()
    max_bytes: Annotated[int, Field(ge=0)] = 0
    sides: Annotated[Numbers, Field(min_length=2, max_length=2)] | None = None
    exact: bool = False
    """Whether it must have the size of the video to the pixel."""


class Ask(Table):
    """
    What may be asked for; the first of each is sent where nobody chose. Other seconds become the nearest of these;
    ``resolution`` and ``ratio`` are told by the size, where that has one of these.
    """

    seconds: Annotated[tuple[Annotated[int, Field(gt=0, le=600)], ...], BeforeValidator(listed)] = ()
    size: Texts = ()
    ratio: Texts = ()
    resolution: Texts = ()


class Cost(Table):
    """
    Where an answer names what a video cost, and what one of its units is worth in the operator's currency. ``credits``
    are units of which nobody knows the worth: they are told, not booked.
    """

    at: Paths
    factor: Annotated[float, Field(gt=0)] = 1
    credits: bool = False


class FailureSign(Table):
    """A value ``at`` a place of an answer that says that it failed, whatever the status: any ``but`` these."""

    at: Paths
    but: Words = ()

    def stands_in(self, answer: Any) -> bool:
        """Whether ``answer``, the JSON of it, has such a value."""
        value = first(self.at, answer)
        return value is not None and value is not False and plain_word(value) not in map(plain_word, self.but)


class ErrorRule(Table):
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


class Description(Table):
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
    content: ContentStep | None = None
    link_call: ResultStep | None = None
    """The call that gives its link."""
    result: ResultStep | None = None
    """The call that gives its link or the reason why there is none: only it tells how the task ended."""
    cancel: TaskStep | None = None
    probe: Probe | None = None
    """What is free to ask, where that is not the usual lists of models and tasks."""
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
        later: tuple[Step | None, ...] = (self.content, self.link_call, self.result, self.cancel)
        steps: tuple[Step | None, ...] = (self.upload, self.create, self.poll, *later)
        names = [
            name.lower() for headers in (self.headers, *(step.headers for step in steps if step)) for name in headers
        ]
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
        if self.upload:
            return ()
        try:
            self._check_form()
        except ValueError:
            return "data", "url", "base64"
        return "data", "url", "base64", "file"

    @property
    def picture_roles(self) -> tuple[PictureRole, ...]:
        """What a picture may be, by the places that the create has for it."""
        if self.create.fill_extra:
            return tuple(PictureRole)
        there = {*places_in(self.create.body), *self.create.paths}  # "reference" names a place, and a path
        return tuple(role for role, places in ROLE_PLACES.items() if there & set(places))

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
