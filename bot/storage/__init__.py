"""Everything Kinora remembers, and the only place that speaks SQL."""

from bot.storage.database import Database
from bot.storage.jobs import JobStore
from bot.storage.notes import NoteStore
from bot.storage.usage import UsageStore

__all__ = ["Database", "JobStore", "NoteStore", "UsageStore"]
