"""The database itself: connections, tables, upgrades, and statements that the kinds of database write differently."""
