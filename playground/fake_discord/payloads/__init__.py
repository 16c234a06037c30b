"""What the fake Discord sends, as JSON."""
