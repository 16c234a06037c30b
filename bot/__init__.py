"""Kinora's core: requests, jobs, video services, rules, storage and words."""
