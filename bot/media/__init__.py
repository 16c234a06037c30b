"""Files from outside: fetched, checked and made safe."""
