"""What is used of the limits of a member or server, and what is left: computed here, worded by each view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.policy.limit_kinds import NOW, Unit, Window, windows
from bot.policy.policy import Allowance


@dataclass(frozen=True, slots=True)
class CounterValue:
    """What stands on one counter: videos, millionths of the currency, and when the latest was asked for."""

    videos: int = 0
    cost: int = 0
    latest: datetime | None = None

    def ready_at(self, cooldown: int, moment: datetime) -> datetime | None:
        """Return when ``cooldown`` seconds have passed since the latest request, None if they have at ``moment``."""
        # Where the clock was set back, the latest request lies in the future: then no one has to wait for it.
        if self.latest and self.latest <= moment < (ready := self.latest + timedelta(seconds=cooldown)):
            return ready
        return None


# The counters of a server, or of one of its members, in the present period of each window.
Usage = Mapping[Window, CounterValue]


class WindowUsage(NamedTuple):
    """What was used in one window, its limits (None: no limit), and when it starts at zero again."""

    window: Window
    used: CounterValue
    video_limit: int | None
    cost_limit: int | None
    resets_at: datetime | None

    @property
    def limited(self) -> bool:
        """Whether it has any limit."""
        return self.video_limit is not None or self.cost_limit is not None

    @property
    def videos_left(self) -> int:
        """How many more videos the limit allows."""
        return max(0, (self.video_limit or 0) - self.used.videos)

    @property
    def cost_left(self) -> int:
        """How much more the videos may cost."""
        return max(0, (self.cost_limit or 0) - self.used.cost)


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """What a server, or one of its members, may use and has used at ``now``."""

    allowance: Allowance
    used: Usage
    now: datetime

    def of(self, window: Window) -> WindowUsage:
        """Return what is used and allowed in ``window``."""
        video_limit, cost_limit = (self.allowance.limit(unit, window) for unit in (Unit.VIDEOS, Unit.MONEY))
        used = self.used.get(window, CounterValue())
        return WindowUsage(window, used, video_limit, cost_limit, window.resets_at(self.now))

    def spans(self) -> list[WindowUsage]:
        """Return the windows that end, the shortest first."""
        return [self.of(window) for window in windows() if window.days]

    @property
    def cooldown(self) -> int:
        """How many seconds have to pass between two requests."""
        return self.allowance.limit(Unit.SECONDS, NOW) or 0

    @property
    def ready_at(self) -> datetime | None:
        """When the cooldown is over, None if it is."""
        return self.of(NOW).used.ready_at(self.cooldown, self.now)
