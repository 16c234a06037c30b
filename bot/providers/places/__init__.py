"""Places: where in a JSON value a link, an error or a percentage stands."""
