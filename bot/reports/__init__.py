"""What a server used: as numbers, as a chart, as a file."""
