"""Descriptions: what is known of each service as data, read from its file and checked."""
