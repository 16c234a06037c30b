"""Data types that all parts of Kinora share: requests, jobs, their states, and the limits of Discord."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

MILLIONTHS = 1_000_000  # amounts are whole millionths of the operator's currency
KEPT_VIDEO = "kept:"  # instead of a link, before the name of a file beside the database; see ``KeptVideos``


class DiscordLimits:
    """What Discord takes at most, in characters unless said otherwise, by the named pages of its documentation."""

    COMMAND_NAME = 32  # "Application Commands"; options too
    DESCRIPTION = 100  # the same
    CHOICES = 25  # the same, of an option and of autocomplete; options of a select: "Component Reference"
    CHOICE = 100  # the name or the value of one of these
    FORM_TITLE = 45  # "Receiving and Responding"; the labels of its fields too: "Component Reference"
    FORM_TEXT = 4000  # "Component Reference", Text Input
    TEXT = 4000  # of a whole message; "Component Reference" has it for each Text Display, the service adds them up
    ALT_TEXT = 1024  # "Component Reference", Media Gallery
    BUTTON_LINK = 512  # "Component Reference", Button
    CONTENT = 2000  # "Message Resource"
    NONCE = 25  # "Message Resource"
    # Bytes a file, where neither member nor server has more: "Reference", Uploading Files. It was half of that until
    # September 2026, and may be again in a server: see ``bot/gateway/upload_limits.py``.
    UPLOAD = 20 * 1024 * 1024


class JobState(StrEnum):
    """Where a job is. ``running`` means that the request may have left: from then on it is never sent again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class Outcome(StrEnum):
    """How a job ended. The same words stand in the database, exports, logs and metrics."""

    SUCCESS = "success"
    MODERATION_IMAGE = "moderation_image"
    MODERATION_PROMPT = "moderation_prompt"
    MODERATION_RESULT = "moderation_result"
    MODERATION_UNKNOWN = "moderation_unknown"
    PROVIDER_ERROR = "provider_error"
    QUOTA = "quota"
    AUTH = "auth"
    RATE_LIMITED = "rate_limited"
    BAD_STREAM = "bad_stream"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_refusal(self) -> bool:
        """Whether one of the service's reviews said no."""
        return self.value.startswith("moderation_")


class Delivery(StrEnum):
    """How the end of a job reached the member who asked."""

    REPLY = "reply"
    MESSAGE = "message"  # a new one in the same channel, since the reply was gone
    INBOX = "inbox"
    KEPT = "kept"  # no way was open; it is shown when they come back
    DROPPED = "dropped"  # no way was open, and there was no video to show


ImageMode = Literal["data", "url", "base64", "file"]
"""How pictures travel: in JSON as a data URL, as a link or as bare base64, or as a part of a form."""


class PictureRole(StrEnum):
    """What a picture is for the video: where it begins, where it ends, or what is to look alike in it."""

    FIRST = "first"
    LAST = "last"
    REFERENCE = "reference"


def holds_several(image_field: str) -> bool:
    """Whether all pictures go to a field of that name, as a list: it is a plural."""
    return image_field.endswith(("s", "[]"))


@dataclass(frozen=True, slots=True)
class VideoModel:
    """
    A model the operator offers. A video costs ``price`` and ``price_per_second`` for each second that it is asked for,
    in millionths of the operator's currency. ``seconds`` and ``formats`` are what members may choose, the first is the
    default. It starts from ``min_images`` to ``max_images`` pictures; ``pictures`` says what each of them is, in order,
    () where the service decides. ``age_restricted``: it is for channels alone that Discord marks so.

    ``service`` is the name of the one that has it, and there it is ``served_as``, "" for the same name. ``stand_ins``
    are the models of other services that may make the video in its place.

    What follows is for task services, which are sent one of ``seconds`` and of ``sizes`` ("WxH") or ``ratios``
    ("16:9"), pictures at the dotted key ``image_field`` and in ``image_mode``, where they are not to be as usual, and
    what else the body holds. ``workflow`` is the path of a file, for ComfyUI.
    """

    name: str
    label: str
    price: int = 0
    max_images: int = 1
    price_per_second: int = 0
    min_images: int = 1
    age_restricted: bool = False
    service: str = ""
    served_as: str = ""
    stand_ins: tuple[VideoModel, ...] = ()
    seconds: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    pictures: tuple[PictureRole, ...] = ()
    image_field: str | None = None
    image_mode: ImageMode | None = None
    workflow: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def at_service(self) -> str:
        """The name that the service knows it by."""
        return self.served_as or self.name

    @property
    def names(self) -> frozenset[str]:
        """What it is or may have been called, as its services stand in another order."""
        served = (self, *self.stand_ins)
        return frozenset(name for one in served for name in (one.at_service, f"{one.service}/{one.at_service}"))

    @property
    def formats(self) -> tuple[str, ...]:
        """The sizes, or else the ratios, that a video may have."""
        return self.sizes or self.ratios

    def price_of(self, length: int | None = None) -> int:
        """Return what a video of ``length`` seconds costs; None for the default."""
        return self.price + self.price_per_second * (length or next(iter(self.seconds), 0))

    def makes(self, length: int | None, shape: str | None) -> bool:
        """Whether it makes videos of that length and format; None stands for any."""
        return length in (None, *self.seconds) and shape in (None, *self.formats)

    def still_makes(self, length: int | None, shape: str | None) -> tuple[int | None, str | None]:
        """Return what of an earlier choice it makes by now, and None for what it does not."""
        return length if self.makes(length, None) else None, shape if self.makes(None, shape) else None

    def takes(self, pictures: int) -> bool:
        """Whether it makes videos of that many pictures."""
        return self.min_images <= pictures <= self.max_images

    @property
    def placed_pictures(self) -> tuple[PictureRole, ...]:
        """What those pictures are that do not go to ``image_field``."""
        if self.image_field and holds_several(self.image_field):
            return ()
        return self.pictures[1:] if self.image_field else self.pictures

    def may_replace(self, other: VideoModel, pictures: int) -> bool:
        """Whether so many pictures are to it what they are to ``other``, as far as is said."""
        own, others = self.pictures[:pictures], other.pictures[:pictures]
        return not own or not others or own == others


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture that was made safe and stored in a file of Kinora's.

    ``sides`` are its width and height in pixels, where they are known. ``link`` is where Discord keeps this very copy,
    in Kinora's own reply: only where pictures travel so, as ``VIDEO_IMAGE_MODE=url`` says or a service's description.
    It dies after about a day, and can be renewed.
    """

    path: Path
    media_type: str
    size: int
    link: str = ""
    sides: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PictureFit:
    """
    What a service takes for a picture: ``size``, its width and height exactly; or ``sides``, the shortest and the
    longest, all in pixels; ``types``, media types, any if there are none; ``max_bytes``, 0 for no limit.
    """

    size: tuple[int, int] | None = None
    sides: tuple[int, int] | None = None
    types: tuple[str, ...] = ()
    max_bytes: int = 0

    def is_met_by(self, picture: Picture) -> bool:
        """Whether ``picture`` is so already, as far as can be told without a look at its pixels."""
        right_type = not self.types or picture.media_type in self.types
        return not (self.size or self.sides) and right_type and picture.size <= (self.max_bytes or picture.size)

    def as_text(self) -> str:
        """Return it as it is handed to another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what ``as_text`` gave."""
        held: Any = {name: tuple(one) if isinstance(one, list) else one for name, one in json.loads(text).items()}
        return cls(**held)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked before in the same conversation with the video service, and the link that it answered with."""

    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """
    What a member asked for, and where the answer belongs. All ids are Discord's.

    There are no ``pictures`` until they were fetched, nor where the prompt alone is to become a video. ``roles`` are
    the member's; ``channel_ids`` are the channel, the one that a thread belongs to, and the category. ``history`` is
    the conversation that ``prompt`` goes on with, the oldest turn first, and ``parent`` the id of the job that was its
    last turn. ``spoiler``: the video is shown as one. ``locale`` is Discord's word for the language of the member.
    ``length`` is in seconds, None where the model knows none; ``format`` is one of the model's, None for the one that
    is nearest to the picture's. ``age_restricted``: the channel, or the one that a thread belongs to, is marked so.
    """

    guild_id: int
    channel_id: int
    message_id: int
    user_id: int
    model: VideoModel
    prompt: str
    pictures: tuple[Picture, ...] = ()
    roles: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()
    history: tuple[Exchange, ...] = ()
    parent: str | None = None
    spoiler: bool = False
    locale: str = "en-US"
    length: int | None = None
    format: str | None = None
    age_restricted: bool = False

    @property
    def makers(self) -> tuple[VideoModel, ...]:
        """The models that make videos of its length and format: what was chosen, and what may stand in for it."""
        return (self.model, *(one for one in self.model.stand_ins if one.makes(self.length, self.format)))

    @property
    def price(self) -> int:
        """What it holds until it is known which service makes the video: the highest price among them."""
        return max(model.price_of(self.length) for model in self.makers)

    @property
    def echoable_text(self) -> str:
        """All words and links that the service is told and may therefore repeat."""
        told = [words for turn in self.history for words in (turn.prompt, turn.answer)]
        return "\n".join([*told, self.prompt, *(picture.link for picture in self.pictures[1:] if picture.link)])


@dataclass(frozen=True, slots=True)
class JobRecord:
    """
    One row of the table ``jobs``. Times are aware UTC; ``cost`` is in millionths of the operator's currency: the price
    while the job is open, what is booked once it is done, ``unconfirmed`` if nobody knows that the service charges it.
    ``started_at`` is when the request left, or was about to; null again if the job ended and it surely never had.

    ``picture`` is the name of a file in the picture store, ``picture_link`` its link, if it has one; of several
    pictures they stand there in order, with one space between two, and of none both are empty. ``parent`` is the id of
    the job whose conversation with the service this one goes on with. ``locale`` is that of the member who asked.
    ``cancel_asked_at``: when it was asked to be cancelled, through a process that does not own it. ``task`` is what a
    service that makes videos as tasks knows it by (``TaskHandle.as_text``), ``service_cost`` what the service says that
    it cost, in millionths too. ``service`` is the name of the one that it went to, once that is known. ``length`` (in
    seconds) and ``format`` are what was chosen, as in the request, and ``age_restricted`` is what was known of the
    channel then.
    """

    id: str
    guild_id: int
    channel_id: int
    message_id: int
    user_id: int
    model: str
    prompt: str
    state: JobState
    cost: int
    picture: str
    picture_link: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    percent: float | None = None
    video_url: str | None = None
    delivery: Delivery | None = None
    parent: str | None = None
    spoiler: bool = False
    locale: str = "en-US"
    cancel_asked_at: datetime | None = None
    unconfirmed: bool = False
    task: str | None = None
    service_cost: int | None = None
    service: str | None = None
    length: int | None = None
    format: str | None = None
    age_restricted: bool = False

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """The name and the link of each picture, in order."""
        return tuple(zip(self.picture.split(), self.picture_link.split(" "), strict=False))

    @property
    def seconds(self) -> float:
        """From the asking to the end, 0 while there is none."""
        return (self.finished_at - self.created_at).total_seconds() if self.finished_at else 0.0


# What members are told about a job: the state to show now. Finished or HandedOff is the last one.


@dataclass(frozen=True, slots=True)
class Queued:
    """The job waits for its turn; ``place`` counts from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class Running:
    """
    The service is at work.

    ``percent`` is the service's own word or None; ``news_at`` is when it last said anything; ``typical`` is the
    median duration in seconds of recent successes with this model, None before there are any; ``retrying``: the
    service turned the request away, unstarted, and is about to be asked once more. ``place``: it waits in the service's
    own line, from 1; ``steps``: those that are done, and all of them, where the service counts steps.
    """

    started_at: datetime
    news_at: datetime
    percent: float | None = None
    typical: float | None = None
    retrying: bool = False
    place: int | None = None
    steps: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """
    The job ended. ``seconds`` is the time since the member asked; ``percent`` the highest the service reported;
    ``cost`` what is booked, in millionths of the operator's currency; ``sent``: the request may have left;
    ``cancelled_by`` the id of who cancelled it, where that is known.
    """

    outcome: Outcome
    seconds: float
    percent: float | None = None
    video_url: str | None = None
    model_gone: bool = False
    cost: int = 0
    unconfirmed: bool = False
    sent: bool = False
    cancelled_by: int | None = None

    @classmethod
    def of(cls, record: JobRecord, *, model_gone: bool = False) -> Self:
        """Return the end that stands in ``record``."""
        outcome, sent = record.outcome or Outcome.INTERRUPTED, record.started_at is not None
        shown = (outcome, record.seconds, record.percent, record.video_url)
        return cls(*shown, model_gone, record.cost, record.unconfirmed, sent)


@dataclass(frozen=True, slots=True)
class HandedOff:
    """
    This process has released the job; another one continues it. It is the last state here. ``making``: the service is
    at work on it.
    """

    making: bool = False


JobUpdate = Queued | Running | Finished | HandedOff


def jump_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the link that leads people to a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


@dataclass(frozen=True, slots=True)
class JobPage:
    """A few jobs, the newest first, and whether there are others on either side."""

    jobs: tuple[JobRecord, ...]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out of a member's jobs: how many lost their words, and the files that may be deleted."""

    jobs: int
    pictures: tuple[str, ...]
