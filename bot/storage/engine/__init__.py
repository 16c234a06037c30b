"""The database itself: connections, tables, upgrades and inspection."""
