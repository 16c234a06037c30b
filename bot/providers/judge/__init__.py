"""What a failure means: features of its sentences, and one table that decides."""
