"""Parts of the composition root: what is built by the settings."""
