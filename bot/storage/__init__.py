"""Everything Kinora remembers, and the only place that speaks SQL."""

from bot.storage.admissions import AdmissionStore
from bot.storage.blocks import BlockStore
from bot.storage.counters import CounterStore
from bot.storage.engine.database import Database
from bot.storage.engine.inspection import Condition, look_at
from bot.storage.guilds import GuildStore
from bot.storage.history import ArchiveStore
from bot.storage.jobs import JobStore
from bot.storage.key_values import NoteStore
from bot.storage.time_slots import SlotStore
from bot.storage.usage import UsageStore

__all__ = [
    "AdmissionStore",
    "ArchiveStore",
    "BlockStore",
    "Condition",
    "CounterStore",
    "Database",
    "GuildStore",
    "JobStore",
    "NoteStore",
    "SlotStore",
    "UsageStore",
    "look_at",
]
