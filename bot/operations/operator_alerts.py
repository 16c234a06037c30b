"""Alerts the operator to what only they can fix: once, and again only if it was fixed in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from bot.concurrency.tasks import Tasks
from bot.i18n.translation import ENGLISH, locale_context
from bot.models import JobRecord, Outcome, VideoModel
from bot.policy.budget_alerts import BudgetAlert
from bot.providers.base import Failure, Result
from bot.settings import Service
from bot.settings.service import ONLY
from bot.texts.limit_words import limit_label, limit_value
from bot.texts.operator import ALERTS

Send = Callable[[str], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


class OperatorAlerts:
    """
    Judges by how jobs end, and by ``services`` that rest or are switched off; alerts go to the log and, once ``send``
    is set, to the operator's inbox. ``models`` are those on offer.
    """

    def __init__(self, services: Sequence[Service], models: Sequence[VideoModel]) -> None:
        self._services = {service.name: service for service in services}
        self._models = models
        self.send: Send | None = None
        self._tasks = Tasks()
        self._told: set[str] = set()

    def on_ending(self, record: JobRecord, result: Result) -> None:
        """Send an alert if ``result`` shows a problem that the operator has not been alerted to."""
        trouble = _trouble(result)
        if trouble is None:
            if not isinstance(result, Failure):  # the service took key and model, and had credit enough
                self._told -= {f"{kind} {record.service}" for kind in ("auth", "quota")} | {f"model {record.model}"}
            return
        about = f"model {record.model}" if trouble == "model" else f"{trouble} {record.service}"
        service = self._services.get(record.service or "") or next(iter(self._services.values()))
        is_only = [*self._services] == [ONLY]
        words = {
            "service": "" if is_only else f" {service.name}",
            "model": self._name_at(service, record.model),
            "key": service.key_env,
            "models": "VIDEO_MODELS" if is_only else "its models in the services file",
        }
        self._alert(about, ALERTS[trouble].format_map(words))

    def _name_at(self, service: Service, model: str) -> str:
        """Return what ``service`` calls the model that members know as ``model``."""
        known = (one for first in self._models if first.name == model for one in (first, *first.stand_ins))
        return next((one.at_service for one in known if one.service == service.name), model)

    def on_rest(self, service: str, failure: Failure | None) -> None:
        """
        Send an alert that ``service`` rests after ``failure``; once it is well again, without one, note that.

        One that is alone is asked all the same: of that the log tells, and nobody is disturbed.
        """
        if failure is None:
            log.info("the service %s takes requests again", service)
            self._told.discard(f"rest {service}")
            return
        log.warning("the service %s rests: %s", service, failure.detail)
        if len(self._services) > 1:
            self._alert(f"rest {service}", ALERTS["rest"].format(service=service, outcome=failure.outcome))

    def on_switched_off(self, problems: Mapping[str, Sequence[str]]) -> None:
        """Send an alert for each service that has ``problems``, and is therefore not there at all."""
        for service, told in problems.items():
            self._alert(f"off {service}", ALERTS["off"].format(service=service, problems=" ".join(told)))

    def on_cap(self, alert: BudgetAlert) -> None:
        """Send ``alert``, about what all servers together may use; it was not given to anybody else."""
        with locale_context(ENGLISH):
            words = {
                "percent": alert.percent,
                "label": limit_label(alert.kind),
                "used": limit_value(alert.kind, alert.used),
                "limit": limit_value(alert.kind, alert.limit),
                "when": f"{alert.resets_at:%Y-%m-%d %H:%M} UTC",
            }
        sentence = ALERTS["cap_full" if alert.is_full else "cap"].format_map(words)
        log.warning("%s", sentence)
        self._send("the cap", sentence)

    def _alert(self, about: str, sentence: str) -> None:
        if about in self._told:
            return
        self._told.add(about)
        log.error("%s", sentence)
        self._send(about, sentence)

    def _send(self, about: str, sentence: str) -> None:
        if self.send:
            self._tasks.start(self.send(sentence), f"alert about {about}")

    async def close(self, within: float) -> None:
        """Wait up to ``within`` seconds for what is being sent."""
        await self._tasks.finish(within)


def _trouble(result: Result) -> str | None:
    if not isinstance(result, Failure):
        return None
    if result.model_gone:
        return "model"
    return {Outcome.AUTH: "auth", Outcome.QUOTA: "quota"}.get(result.outcome)
