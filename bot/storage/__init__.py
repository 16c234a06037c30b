"""All data that Kinora stores, and the only place with SQL."""

from bot.storage.admissions import AdmissionStore
from bot.storage.counters import CounterStore
from bot.storage.engine.database import Database
from bot.storage.guilds import GuildStore
from bot.storage.history import HistoryStore
from bot.storage.inspection import DatabaseHealth, inspect, is_new
from bot.storage.jobs import JobStore, Settled
from bot.storage.key_values import KeyValueStore
from bot.storage.moderation.blocks import BlockStore
from bot.storage.time_slots import TimeSlotStore
from bot.storage.usage import UsageStore

__all__ = [
    "AdmissionStore",
    "BlockStore",
    "CounterStore",
    "Database",
    "DatabaseHealth",
    "GuildStore",
    "HistoryStore",
    "JobStore",
    "KeyValueStore",
    "Settled",
    "TimeSlotStore",
    "UsageStore",
    "inspect",
    "is_new",
]
