"""A fake video service: it answers chat completions as real services do."""
