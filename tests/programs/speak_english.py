"""Says in English what there is to say; ends with code 1 if Babel was loaded for it."""

from __future__ import annotations

import importlib
import sys

from bot.i18n.translation import _, format_list, money, ngettext, number, percent, set_locale
from bot.texts.view import duration

_("x")
ngettext("{count} a", "{count} b", 2)
number(1)
money(1)
duration(99)
percent(1)
set_locale("en-GB")
format_list(["a", "b"])
for module in ("bot.texts.usage", "bot.texts.help", "bot.texts.chart"):
    importlib.import_module(module)
sys.exit("babel" in sys.modules)
