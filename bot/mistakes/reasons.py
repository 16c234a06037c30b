"""Says in Kinora's own words why a value was not taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "path": "the path of a file",
    "string": "text",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table",
    "model": "a table",
}


def reason(problem: Mapping[str, Any]) -> str:
    """Return what is wrong, to be read after its name, from one of the errors that pydantic lists."""
    kind, context = str(problem["type"]), problem.get("ctx", {})
    match kind:
        case "value_error":
            return str(context["error"])
        case "greater_than":
            return f"must be more than {context['gt']:g}"
        case "greater_than_equal":
            return f"must be at least {context['ge']:g}"
        case "less_than_equal":
            return f"must be at most {context['le']:g}"
        case "string_too_short" | "too_short":
            return f"must have a length of at least {context['min_length']}"
        case "string_too_long" | "too_long":
            return f"must have a length of at most {context['max_length']}"
        case "string_pattern_mismatch":
            return f"must match {context['pattern']}"
        case "literal_error":
            return f"must be {str(context['expected']).replace(chr(39), '')}"
    meant = _KINDS.get(kind.partition("_")[0])
    return f"must be {meant}" if meant else "cannot be used as it is"
