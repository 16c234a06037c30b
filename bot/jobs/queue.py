"""A fair queue: servers take turns, and members take turns within a server."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from operator import itemgetter

from bot.jobs.job import Job


class FairQueue:
    """
    The jobs that wait. However many one member has, others are not kept waiting by them.

    Servers take turns in the order in which they came to wait; whose turn is over goes to the end. Within a server its
    members do the same, and a member's own jobs keep their order. Who comes, or comes back, starts at the end.
    """

    def __init__(self) -> None:
        self._waiting: set[Job] = set()
        # By server, by member. OrderedDict: its first key is found at once, a dict looks through all that have left.
        self._guilds: OrderedDict[int, OrderedDict[int, OrderedDict[Job, None]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, job: Job) -> bool:
        return job in self._waiting

    def put(self, job: Job) -> None:
        """Let ``job`` wait behind the others of its member."""
        members = self._guilds.setdefault(job.record.guild_id, OrderedDict())
        members.setdefault(job.record.user_id, OrderedDict())[job] = None
        self._waiting.add(job)

    def pop(self) -> Job:
        """Remove the job whose turn it is and return it. Raises LookupError if none waits."""
        guild_id, members = self._guilds.popitem(last=False)
        user_id, jobs = members.popitem(last=False)
        job, _ = jobs.popitem(last=False)
        if jobs:
            members[user_id] = jobs
        if members:
            self._guilds[guild_id] = members
        self._waiting.remove(job)
        return job

    def remove(self, job: Job) -> bool:
        """Take ``job`` out of the queue; the turns of others stay. Return False if it does not wait."""
        if job not in self._waiting:
            return False
        self._waiting.remove(job)
        members = self._guilds[job.record.guild_id]
        jobs = members[job.record.user_id]
        del jobs[job]
        if not jobs:
            del members[job.record.user_id]
        if not members:
            del self._guilds[job.record.guild_id]
        return True

    def snapshot(self) -> list[Job]:
        """Return the jobs as ``pop`` would hand them out if no more came: a job's place is its index plus one."""
        return _in_turns(_in_turns(members.values()) for members in self._guilds.values())


def _in_turns(queues: Iterable[Iterable[Job]]) -> list[Job]:
    """Return the first of each queue, then the second of each, and so on."""
    turns = [(turn, job) for queue in queues for turn, job in enumerate(queue)]
    turns.sort(key=itemgetter(0))  # stable: within a turn the queues keep their order
    return [job for _, job in turns]
