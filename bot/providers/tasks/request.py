"""
What is sent to a task service: to create a task, to ask for it, to fetch what it made, to cancel it. Data, not sending.

Every call is made here, and here alone the key is added: to calls on the service's own origin.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bot.errors import LinkRefused, SettingsError
from bot.models import Picture, PictureRole
from bot.providers.base import TaskHandle
from bot.providers.tasks.call import ServiceCall, TaskOrder
from bot.providers.tasks.create_body import create_body, upload_form
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.steps import Step
from bot.providers.tasks.descriptions.template import filled, filled_path

MAX_ADDRESS = 2048  # characters of one that an answer names; it is written down with its task
_PORTS = {"http": 80, "https": 443}
_PLACE = re.compile(r"\{\w+(?::\w+)?\}")
_SIGNED = re.compile(r"(?i)token|sig|key|expires|auth|credential")
_VERSION = re.compile(r"/v\d+$")


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of ``url``. Raises ValueError where it has none of http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or "\\" in url:
        raise ValueError("no http(s) address")
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def base_address(description: Description, operators: str) -> str:
    """
    Return the service's base address: the operator's, however much of it was written, else the description's own.

    With the host alone, or a folder on it, the description's path or version is what follows.

    Raises SettingsError if there is neither.
    """
    own = urlsplit(description.base)
    if not operators:
        if own.scheme:
            return description.base
        raise SettingsError([f"{description.name} has no address of its own: VIDEO_API_URL must name it."])
    base = operators.rstrip("/")
    for ending in ("/chat/completions", *_beginnings(description.create.path)):
        base = base.removesuffix(ending)
    path = urlsplit(base).path
    if not path:
        return base + own.path
    version = _VERSION.search(own.path)
    return base if version is None or _VERSION.search(path) else base + version[0]


def _beginnings(path: str) -> Iterator[str]:
    """Yield ``path``, and it without its last step, its last two and so on."""
    while path:
        yield path
        path = path.rpartition("/")[0]


class ServiceCalls:
    """
    Makes the calls of one service. ``key`` goes into headers as it is: a word that hides it shows the call. Without one
    there is no header for it.
    """

    def __init__(self, description: Description, base: str, key: str) -> None:
        self._description = description
        self.base = base
        self._origin = origin_of(base)
        self._key = key

    def create(self, order: TaskOrder) -> ServiceCall:
        """Return the call that makes the task: a form where the picture travels as a file, else JSON."""
        step = self._description.create
        path = step.path_for(len(order.pictures), order.pictures_as.count(PictureRole.REFERENCE))
        call = self._call(self._url(path, step, order.model), step)
        body = create_body(self._description, order)
        return replace(call, form=body) if isinstance(body, tuple) else replace(call, json=body)

    def probe(self) -> str | None:
        """Return the address that is free to ask, "" where none is, None where the usual lists may be."""
        probe = self._description.probe
        if probe is None or probe.path is None:
            return None if probe is None else ""
        query = urlencode(probe.query)
        return f"{self.base}{probe.path}?{query}" if query else self.base + probe.path

    def upload(self, picture: Picture, model: str) -> ServiceCall | None:
        """Return the call that hands ``picture`` over before the create, None where it travels in that."""
        step = self._description.upload
        if step is None:
            return None
        base = (self.base == self._description.base and step.base) or self.base
        return replace(self._call(self._url(step.path, step, model, base), step), form=upload_form(step, picture))

    def poll(self, task: TaskHandle) -> ServiceCall:
        """Return the call that asks how ``task`` is doing. Raises LinkRefused where its address may not be called."""
        return self._follow("poll", self._description.poll, task)

    def result(self, task: TaskHandle) -> ServiceCall | None:
        """Return the call that fetches what a made task is to give, None where its link says it all."""
        step = self._description.after_made
        return self._follow("result", step, task) if step else None

    def cancel(self, task: TaskHandle) -> ServiceCall | None:
        """Return the call that cancels ``task``, None where the service has none."""
        step = self._description.cancel
        return self._follow("cancel", step, task) if step else None

    def download(self, link: str) -> ServiceCall:
        """Return the call that fetches the video at ``link``, with the key if it opens with that alone."""
        if self.opens_without_key(link):
            return ServiceCall("GET", link, {})
        step = self._description.content
        return ServiceCall("GET", link, {**self.headers(link), **(step.headers if step else {})})

    def opens_without_key(self, link: str) -> bool:
        """Whether anybody can open the video at ``link``; what the service's call for it gives is never that."""
        return not self._is_own(link) or not (self._description.link_with_key or self._description.content)

    def wants_key(self, link: str) -> bool:
        """Whether ``link`` leads to the service's own origin and opens with the key alone."""
        return self._description.link_with_key and self._is_own(link)

    def is_content_elsewhere(self, link: str) -> bool:
        """
        Whether ``link`` is the call that gives the video itself, on another origin than the service's: gateways write
        such by the name that they think they have. Signed links are not meant: those open for anybody.
        """
        step, parts = self._description.content, urlsplit(link)
        if not (step and step.path) or self._is_own(link) or _SIGNED.search(parts.query):
            return False
        *before, ending = map(re.escape, _PLACE.split(step.path))
        # Where an id is the last of it, the path of many a file looks so.
        return bool(ending) and re.search("[^/]+".join((*before, ending)) + "$", parts.path) is not None

    def may_call(self, url: str) -> bool:
        """Whether an address that an answer named may be called: on the own origin, or a host that is named."""
        try:
            scheme, host, port = origin_of(url)
        except ValueError:
            return False
        named = host if port == _PORTS[scheme] else f"{host}:{port}"
        hosts = any(fnmatchcase(named, one) for one in self._description.hosts)
        return self._is_own(url) or (scheme == self._origin[0] and hosts)

    def absolute(self, address: str) -> str | None:
        """Return ``address`` from an answer as a whole URL, None if that may not be called."""
        if len(address) > MAX_ADDRESS or not address.isprintable() or "\\" in address or " " in address:
            return None
        try:
            url = urljoin(f"{self.base}/", address)
        except ValueError:
            return None
        return url if self.may_call(url) else None

    def _is_own(self, url: str) -> bool:
        try:
            scheme, host, port = origin_of(url)
        except ValueError:
            return False
        return (scheme, host, port) == self._origin or (
            # Not where the operator's own address, and key, stand in place of the service's.
            (scheme, port) == ("https", 443) and self._is_service(host) and self._is_service(self._origin[1])
        )

    def _is_service(self, host: str) -> bool:
        return any(fnmatchcase(host, one) for one in self._description.auth.hosts)

    def _follow(self, name: str, step: Step, task: TaskHandle) -> ServiceCall:
        ids = {"id": task.id, "model": task.model, "uuid": str(uuid.uuid4())}
        ids |= {"result_id": task.result_id} if task.result_id else {}
        if name in task.addresses:
            url = task.addresses[name]
        elif step.path:
            url = self.base + filled_path(step.path, ids)
        else:
            raise LinkRefused(f"the service gave no address to {name} the task")
        if not self.may_call(url):
            raise LinkRefused(f"the address to {name} the task is on another host")
        call = self._call(_asking(url, step, ids), step)
        return replace(call, json=filled(step.body, ids)) if step.body else call

    def _url(self, path: str, step: Step, model: str, base: str = "") -> str:
        facts = {"model": model, "uuid": str(uuid.uuid4())}
        return _asking((base or self.base) + filled_path(path, facts), step, facts)

    def _call(self, url: str, step: Step) -> ServiceCall:
        return ServiceCall(step.method, url, self.headers(url, step.headers))

    def headers(self, url: str, further: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the headers of a call of ``url``, with the key if that is on the service's own origin."""
        auth = self._description.auth
        said = {**self._description.headers, **(further or {})}
        fresh = {"uuid": str(uuid.uuid4())}
        key = {auth.header: auth.value(self._key)} if self._key and self._is_own(url) else {}
        return {name: str(filled(value, fresh)) for name, value in said.items()} | key


def _asking(url: str, step: Step, facts: Mapping[str, str]) -> str:
    """Return ``url`` with what it lacks of the step's query."""
    address, _, there = url.partition("?")
    named = {name for name, _ in parse_qsl(there, keep_blank_values=True)}
    lacking = {name: value for name, value in (filled(step.query, facts) or {}).items() if name not in named}
    query = "&".join(filter(None, (there, urlencode(lacking, errors="replace"))))
    return f"{address}?{query}" if query else address
