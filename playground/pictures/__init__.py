"""Sample pictures: the lighthouse, and unusual variants of it."""
