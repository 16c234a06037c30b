"""What a task service answers: each answer as it came, and what it means for the task."""
