"""The rules of a server, and whether a request fits them."""
