"""Every word that people read on Discord, a file for each thing they look at."""
