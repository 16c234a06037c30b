"""Video services: what every kind of service implements, and how failures are classified."""
