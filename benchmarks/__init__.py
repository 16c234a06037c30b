"""Measurements of Kinora, side by side with its alternatives. Run ``python -m benchmarks``."""
