"""A video service to talk to: it answers chat completions as real ones do."""
