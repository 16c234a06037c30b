"""Video services: what every kind of service implements, and how what services write is read."""
