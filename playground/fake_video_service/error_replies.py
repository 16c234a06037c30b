"""Complete HTTP responses that are sent instead of a stream, in the words of real gateways and relays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REQUEST_ID = "20261122120000123456789abcdefgh"
JSON_TYPE = "application/json; charset=utf-8"
STREAM_TYPE = "text/event-stream"


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """A status and a body, sent as they are; the server fills in `{port}` and `{retry_after}` in headers."""

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(status: int, body: Any, **headers: str) -> ErrorReply:
    return ErrorReply(status, json.dumps(body, ensure_ascii=False).encode(), headers=headers)


def gateway_error(status: int, message: str, code: str | None = None, **headers: str) -> ErrorReply:
    """An error in new-api's shape; middleware errors carry no `param` and sometimes no code."""
    error = {"message": f"{message} (request id: {REQUEST_ID})", "type": "new_api_error"}
    return json_reply(status, {"error": error if code is None else {**error, "param": "", "code": code}}, **headers)


def bad_request(message: str, param: str | None, status: int = 400) -> ErrorReply:
    """OpenAI's answer to a malformed request."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    return json_reply(status, {"error": error})


def model_list() -> ErrorReply:
    """The models that the service lists: no failure, and whole as the others."""
    names = ("sora_video2", "sora_video2-landscape")
    models = [{"id": name, "object": "model", "created": 1677652288, "owned_by": "custom"} for name in names]
    return json_reply(200, {"object": "list", "data": models})


INVALID_KEY = json_reply(
    401,
    {"error": {"code": "", "message": f"Invalid token (request id: {REQUEST_ID})", "type": "new_api_error"}},
)
BODY_TOO_LARGE = gateway_error(413, "request body too large", "read_request_body_failed")
NO_QUOTA = gateway_error(403, "用户额度不足, 剩余额度: ＄0.000000", "insufficient_user_quota")
TOKEN_EXHAUSTED = json_reply(
    401,
    {"error": {"message": f"该令牌额度已用尽 (request id: {REQUEST_ID})", "type": "one_api_error"}},
)
OVERLOAD = json_reply(
    429,
    {"error": {"message": "当前分组上游负载已饱和，请稍后再试", "type": "new_api_error"}},
    **{"Retry-After": "{retry_after}"},
)
BUSY = json_reply(
    503,
    {"error": {"type": "upstream_error", "message": "Upstream service overloaded, please retry later"}},
)
NO_MODEL = gateway_error(
    503,
    "No available channel for model sora_video2 under group default (distributor)",
    "model_not_found",
)
GATEWAY_TIMEOUT = ErrorReply(
    504,
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1>"
    b"</center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n",
    "text/html",
)
REDIRECT = ErrorReply(307, b"", "text/plain", {"Location": "http://localhost:{port}/elsewhere"})
STREAM_REQUIRED = json_reply(
    400,
    {"error": {"type": "invalid_request_error", "message": "Sora requires stream=true"}},
)
EMPTY = ErrorReply(200, b"", STREAM_TYPE)
GARBAGE = ErrorReply(
    200,
    b"\x89PNG\r\n\x1a\n\x00\x00\nnot a stream\ndata: {]]\n\ndata: 7\n\ndata: null\n\ndata: [[]]\n\n"
    b'data: {"choices": 3}\n\ndata: {"choices": [{"delta": "x"}]}\n\n\xff\xfe\xfd\ndata\n: \n\ndata:\n\n',
    STREAM_TYPE,
)
