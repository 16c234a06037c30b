"""How a number compares with the one of the span before, in words."""

from __future__ import annotations

_MANIFOLD = 10  # from here on a rise is told as "times", not in percent


def trend(now: int, before: int, days: int) -> str:
    """Return how ``now`` compares with ``before``, the number of the span of ``days`` that came first."""
    span = "the day before" if days == 1 else f"the {days} days before"
    then = f"{'on' if days == 1 else 'in'} {span}"
    if not before:
        return f"Nothing to compare with: none {then}" if now else f"None {then} either"
    if not now:
        return f"There {'was 1' if before == 1 else f'were {before:,}'} {then}"
    if now >= before * _MANIFOLD:
        return f"▲ {now / before:,.0f} times {span} ({before:,})"
    percent = round(100 * (now - before) / before)
    if not percent:
        return f"▬ About as many as {then} ({before:,})"
    return f"{'▲' if percent > 0 else '▼'} {abs(percent)} % against {span} ({before:,})"
