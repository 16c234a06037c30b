"""What the fake Discord remembers beside its world: interactions, events, rate limits, faults."""
