"""Runs the command of the shell that it is given, and writes the modules that are loaded then to standard error."""

from __future__ import annotations

import sys

from bot.__main__ import main

code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
