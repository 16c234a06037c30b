"""Errors: answers of the API with Discord's codes, and actions that Discord's client does not allow."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error answer of the REST API: HTTP status, Discord's JSON code, its message and form errors."""

    def __init__(self, status: int, code: int, message: str, *, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The JSON that Discord sends along."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def unauthorized() -> ApiError:
    """A missing or wrong bot token."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """A route Discord does not have."""
    return ApiError(404, 0, "404: Not Found")


def unknown_channel() -> ApiError:
    """No such channel (code 10003)."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    """No such guild, or the bot is not in it (code 10004)."""
    return ApiError(404, 10004, "Unknown Guild")


def unknown_member() -> ApiError:
    """No member with that id in the guild (code 10007)."""
    return ApiError(404, 10007, "Unknown Member")


def unknown_message() -> ApiError:
    """No such message, deleted, or ephemeral and asked for with the bot token (code 10008)."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_user() -> ApiError:
    """No such user (code 10013)."""
    return ApiError(404, 10013, "Unknown User")


def unknown_webhook() -> ApiError:
    """An interaction token that Discord does not know, or whose interaction is not answered yet (code 10015)."""
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    """A callback that came too late, or for an interaction that never was (code 10062)."""
    return ApiError(404, 10062, "Unknown interaction")


def token_expired() -> ApiError:
    """An interaction token past its 15 minutes (code 50027)."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def already_acknowledged() -> ApiError:
    """A second callback for one interaction (code 40060)."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def too_large() -> ApiError:
    """A file over the upload limit (code 40005)."""
    return ApiError(413, 40005, "Request entity too large")


def missing_access() -> ApiError:
    """The bot cannot see the channel (code 50001)."""
    return ApiError(403, 50001, "Missing Access")


def not_the_author() -> ApiError:
    """Editing another user's message (code 50005)."""
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> ApiError:
    """Nothing to show (code 50006)."""
    return ApiError(400, 50006, "Cannot send an empty message")


def no_direct_messages() -> ApiError:
    """The person does not accept direct messages (code 50007)."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> ApiError:
    """The bot sees the channel but lacks the permission for this action (code 50013)."""
    return ApiError(403, 50013, "Missing Permissions")


def blocked_by_automod() -> ApiError:
    """Words that the server's AutoMod does not let through (code 200000)."""
    return ApiError(400, 200000, "Message was blocked by automatic moderation")


def no_history_to_reply() -> ApiError:
    """A reply without READ_MESSAGE_HISTORY (code 160002)."""
    return ApiError(403, 160002, "Cannot reply without permission to read message history")


class FormErrors:
    """Collects the errors in a request body, to be answered together as 400/50035."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, path: str, code: str, message: str) -> None:
        """Add one error at a dotted `path` into the body, e.g. `components.0.custom_id`."""
        node = self._tree
        for key in filter(None, path.split(".")):
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: str, value: object, limit: int) -> None:
        """Add an error if `value` is text of more than `limit` characters."""
        if isinstance(value, str) and len(value) > limit:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")

    def raise_if_any(self) -> None:
        """Raise the 400/50035 answer if there are errors."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", errors=self._tree)


class CannotDo(Exception):
    """Discord's client would not allow this: no such command, a required option left out, a text too long."""


class NotAllowed(CannotDo):
    """The person lacks the permission, or the command is not offered in this channel."""
