"""Cases of every text that people read, a file for each module of ``bot/texts``, by the module's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from tests.texts.cases.case import Cases

_SHARED = {"case", "facts"}
_MODULES = {
    module.name: importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if module.name not in _SHARED
}

# What people look at in the snapshots; and the longest there can be, which is only measured.
CASES: Mapping[str, Cases] = {name: module.CASES for name, module in _MODULES.items()}
LONGEST: Mapping[str, Cases] = {name: getattr(module, "LONGEST", {}) for name, module in _MODULES.items()}
