"""
The names of fields by what they hold, as data.

Names differ from service to service, in case and in underscores too; what a field holds differs little. Names are
compared without both: ``videoUrl``, ``video_url`` and ``VideoURL`` are ``videourl``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LONGEST_NAME = 40  # characters
MAX_NAMES = 4096  # remembered, since they come from outside


@lru_cache(MAX_NAMES)
def _plain_key(key: str) -> str:
    return key.replace("_", "").replace("-", "").replace(" ", "").lower()


def plain_key(key: Any) -> str:
    """Return ``key`` without case, underscores and hyphens."""
    return _plain_key(key) if isinstance(key, str) and len(key) <= LONGEST_NAME else str(key)[:LONGEST_NAME].lower()


def _keys(*lines: str) -> frozenset[str]:
    return frozenset(_ordered(*lines))


def _ordered(*lines: str) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(" ".join(lines).split())}


def known(keys: Mapping[str, Any], names: dict[str, int]) -> list[str]:
    """Return those of ``names`` that ``keys`` has, in their order."""
    return sorted(keys.keys() & names.keys(), key=names.__getitem__)


# A link under one of these is the video. Sources: the samples; the makers' and the task services' documented replies.
VIDEO_KEYS = _keys(
    "videourl videourls video videos mediaurl mediaurls downloadurl downloadurls playurl resulturl resulturls",
    "outputurl outputurls videolink videodownloadurl videofile mp4 mp4url hdurl fileurl sample samples",
    "generatedvideos generatedvideo generatedsamples videoresult unsignedurls resourcewithoutwatermark",
    "resource nowatermarkurl watermarkfreeurl originurl originalurl cdnurl signedurl publicurl streamurl",
    "contenturl finalvideourl finalurl videouri mediauri gcsuri assets outputvideo outputvideourl finalvideo",
    "videocontent",
)
# Under these it is the video if nothing else is.
LINK_KEYS = _keys(
    "url urls uri link links href output outputs result results data file files content attachments",
    "attachment src download media works artifacts creations response body resources saresources text value items",
    "answer videooutput location",
)
# Nothing under these is the video, nor an error: the request, pictures, sound, pages of a task, people.
NEVER_KEYS = _keys(
    "prompt userprompt originalprompt negativeprompt revisedprompt prompttext finalprompt enhancedprompt",
    "input inputs request params parameters image images imageurl imageurls picture pictures photo photos",
    "thumbnail thumbnails thumbnailurl thumb thumburl cover coverurl coverimage coverimageurl poster",
    "posterurl previewimage previewurl previewimageurl gif gifurl audio audios audiourl audiourls music",
    "musicurl sound soundurl voice subtitle subtitles subtitleurl subtitlesurl captions captionsurl srt",
    "firstframe lastframe firstframeurl lastframeurl startframe endframe firstframeimage lastframeimage",
    "referenceimage referenceimages referenceurls initimage callback callbackurl webhook webhookurl",
    "pollingurl statusurl cancelurl responseurl get cancel web docs docurl docsurl documentation",
    "documentationurl helpurl help avatar avatarurl icon iconurl logo author user userinfo profile profileurl",
    "filepath citations annotations logprobs usage model object created id gcspath pageurl shareurl sharelink",
    "permalink taskurl consoleurl detailurl archive archiveurl zip zipurl moderationprompt systemprompt",
    "imageurl2 tailimage imagetail",
)
# Not the video that was asked for, nor its picture: video_cover_url, reference_video_url.
_OF_VIDEO = re.compile(
    r"(?!input|ref|source|src|user)(?!.*(?:cover|thumb|poster|image|frame|audio|gif|preview|sub))"
    r"\w*video\w*(?:url|uri|link|path|src|file|list|info|result|data|output|item)s?\Z"
)
# What was given with the request.
_GIVEN = re.compile(r"(?:input|ref|reference|source|src|user)\w*(?:video|image|img|media)")
# {"video_urls": {"hd": …, "720p": …}}
_QUALITY = re.compile(r"(?:[fu]?hd|sd|\d{3,4}p?|[248]k|mp4|webm|high|low|main|default|origin\w*|download\w*|play\w*)\Z")
_WITHOUT_WATERMARK = ("nowater", "withoutwater", "unwater", "removewater", "watermarkfree", "watermarkremoved")
_LINK_ENDS = ("url", "urls", "uri", "uris", "link", "links", "urllist", "addr", "watermark")


@lru_cache(MAX_NAMES)
def is_video_key(key: str) -> bool:
    """Whether what a field of this name holds is the video: by its name, or by what its name is made of."""
    return key in VIDEO_KEYS or _OF_VIDEO.match(key) is not None


def is_link_key(key: str) -> bool:
    """Whether a field of this name may hold a link: by its name, or by what its name ends in."""
    return key in LINK_KEYS or key.endswith(_LINK_ENDS)


@lru_cache(MAX_NAMES)
def is_never_key(key: str) -> bool:
    """Whether nothing in a field of this name can be the video, or an error."""
    return key in NEVER_KEYS or is_error_key(key) or _GIVEN.match(key) is not None


def is_part_of_video(key: str) -> bool:
    """Whether a field of this name, in an object that is the video, holds its link."""
    return is_link_key(key) or _QUALITY.match(key) is not None


def watermark_rank(key: str) -> int:
    """Return 0 if the name of a field says that its video has no watermark, 2 if it says that it has one, else 1."""
    if "watermark" not in key:
        return 1
    return 0 if any(map(key.__contains__, _WITHOUT_WATERMARK)) else 2


CODE_KEYS = _ordered(
    "code type kind errcode errorcode failurecode failcode errortype statuscode errno errorname bizcode",
    "subcode reasoncode",
)
MESSAGE_KEYS = _ordered(
    "message msg err errormsg errmsg error errormessage detail details title failure failurereason failreason",
    "failmsg failmessage failedreason statusmsg statusmessage taskstatusmsg reason reasons description",
    "errordescription refusal errors issues raimediafilteredreasons blockreason blockreasonmessage",
    "moderationresult exception info tips hint cause",
)
# What is an error by its mere presence, if it holds anything.
ERROR_KEYS = _keys(
    "error errors err errormsg errmsg errormessage errcode errorcode failurereason failreason failmsg",
    "failmessage failcode failurecode failure failedreason raimediafilteredreasons raimediafilteredcount",
    "blockreason errordescription exception traceback stacktrace",
)
_WORDS_END = ("msg", "message", "reason")
_ERROR_NAME = re.compile(
    r"(?:err|fail)(?:or|ure|ed)?(?:info|type|desc|description|text|content|detail|details|cause|code|msg"
    r"|message|reason)\Z"
)


@lru_cache(MAX_NAMES)
def is_error_key(key: str) -> bool:
    """Whether a field of this name is an error by its mere presence."""
    return key in ERROR_KEYS or _ERROR_NAME.match(key) is not None


@lru_cache(MAX_NAMES)
def _holds_words(key: str) -> bool:
    return key not in MESSAGE_KEYS and (is_error_key(key) or key.endswith(_WORDS_END))


def message_keys(keys: Mapping[str, Any]) -> list[str]:
    """Return the names of fields that hold words, the weightiest first: those known, then those that end so."""
    return [*known(keys, MESSAGE_KEYS), *filter(_holds_words, keys)]


INSIDE_KEYS = _ordered(
    "baseresp header metadata output task resp moderationdetails promptfeedback raw data result innererror",
    "response body",
)
STATUS_KEYS = _ordered(
    "status state taskstatus jobstatus videostatus runstatus generationstatus result",
)
PERCENT_KEYS = _keys(
    "progress percent percentage progresspercent progresspercentage progresspct taskprogress",
    "completionpercentage",
)
# What an object holds: {"type": "video_url"}, {"mimeType": "video/mp4"}, {"role": "last_frame"}.
TYPE_KEYS = _ordered("type kind mimetype mime contenttype mediatype filetype role")
BASE64_KEYS = _ordered("bytesbase64encoded b64json base64 b64 videobase64 videobytes data")
# A yes or no that says that it failed.
FAILED_FLAGS = {"success": False, "ok": False, "issuccess": False, "iserror": True, "haserror": True, "failed": True}
# What a field of a yes or no tells of a review, under the value that is bad news. Sources: MiniMax, grok2api, xAI,
# OpenAI, diffusers.
FLAGS = {
    "inputsensitive": (True, "input sensitive"),
    "outputsensitive": (True, "output new sensitive"),
    "moderated": (True, "generated video moderated"),
    "respectmoderation": (False, "generated video moderated"),
    "flagged": (True, "content flagged"),
    "blocked": (True, "content blocked"),
    "contentfiltered": (True, "content filtered"),
    "hasnsfwconcepts": ([True], "generated content nsfw"),
    "nsfwcontentdetected": ([True], "generated content nsfw"),
}
# What a code, or a status, holds where nothing is wrong; and what a message says then.
SUCCESS_WORDS = _keys("ok success succeed succeeded successful sucess completed 请求成功 成功")
FINE = SUCCESS_WORDS | _keys("0 200 201 none null 10000 20000 00000 000000 true") | {""}
