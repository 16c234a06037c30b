"""Measurements of Kinora, side by side with what people would use instead. Run ``python -m benchmarks``."""
