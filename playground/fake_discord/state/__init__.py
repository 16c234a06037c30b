"""The state of the fake Discord besides its world: interactions, events, commands, rate limits, faults."""
