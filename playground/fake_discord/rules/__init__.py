"""Validation: what Discord refuses, and with which errors."""
