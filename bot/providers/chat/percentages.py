"""Finding the percentages in what a service writes, and nothing that only looks like one."""

from __future__ import annotations

import re

_PERCENT = re.compile(r"(?<!\d)(?<!\d[.,])(\d{1,3}(?:[.,]\d{1,6})?)\s?\*{0,2}\s?[%％٪]")
_STEP = re.compile(r"(?<!/)(?<!\d)(?<!\d\.)(\d{1,3}(?:\.\d{1,6})?)\.{2,}")
_WHOLE_LINE = re.compile(
    # Without re.IGNORECASE, which halves its speed; other spellings take the longer way.
    r"[^\w<`]*(?:[Vv]ideo )?(?:[Gg]eneration )?(?:生成)?(?:进度|[Pp]rogress)[^\w<`]{1,8}(\d{1,3}(?:\.\d{1,6})?)[%％]"
    r"[^\w<`]*(?:\((?:processing|queued|preprocessing)\))?[^\w<`]*"
)
_ONE_PERCENT = re.compile(r"\D*(\d{1,3}(?:[.,]\d{1,6})?)[%％]\D*")
_DIGIT = re.compile(r"\d")
_NAMED = re.compile(r"(?:进度|progress)\W{0,6}(\d{1,3}(?:\.\d{1,6})?)(?![\d.]|\s*[/x×:])", re.IGNORECASE)
# The words stand right before the numbers: "Processing image 2/4" and "attempt 1/3" tell of something else.
_OF = re.compile(
    r"(?:\b(?:steps?|frames?|progress|rendering|generating|processing|sampling)|步|步骤|帧|完成|进度|生成|渲染|处理中?)"
    r"[^\w/]{0,8}(\d{1,4})\s?(?:/|of)\s?([1-9]\d{0,3})(?![\d/.])",
    re.IGNORECASE,
)
_TELLING = ("%", "％", "٪", "..", "rogress", "PROGRESS", "进度")  # without one of them no number is a percentage
_PROGRESS = re.compile(r"进度|progres|進度|прогресс|fortschritt|進捗|진행|التقدم|ilerleme|tiến độ", re.IGNORECASE)
_LONGEST_WORD = 11  # characters
_PROGRESS_WORD = re.compile(
    r"进度|生成|渲染|处理|完成|progres|genera|render|process|complet|queue|load|upscal|encod|fortschritt|avanc"
    r"|ilerleme",
    re.IGNORECASE,
)
_FOREIGN_PROGRESS_WORD = re.compile(
    r"進度|處理|прогресс|генерац|готово|обработ|進捗|処理|생성|진행|완료|التقدم|جاري|tiến độ|đang tạo", re.IGNORECASE
)
_NOT_TEXT = re.compile(r"<[^>]*>?|https?://\S*")
_ONLY_NUMBER = re.compile(r"[\W\d_]*")


def whole_line(line: str) -> float | None:
    """Return the percentage of a line that tells nothing else, as nearly every line of progress does, else None."""
    match = _WHOLE_LINE.fullmatch(line)
    if match is None:
        return None
    percent = float(match[1])
    return percent if percent <= 100 else None


class Topic:
    """What one line speaks of, known so far: a line that grows piece by piece is searched through only once."""

    __slots__ = ("bare", "progress", "seen", "worded")

    def __init__(self) -> None:
        self.bare = True
        self.worded = False
        self.progress = False
        self.seen = 0

    def follow(self, line: str) -> None:
        """Take what ``line`` has more than the last time."""
        self.bare = self.bare and _ONLY_NUMBER.fullmatch(line, self.seen) is not None
        start = max(0, self.seen - _LONGEST_WORD)
        self.seen = len(line)
        self.worded = self.worded or _is_worded(line, start)
        self.progress = self.progress or (self.worded and _PROGRESS.search(line, start) is not None)


def _is_worded(line: str, start: int) -> bool:
    if _PROGRESS_WORD.search(line, start) is not None:
        return True
    return not line.isascii() and _FOREIGN_PROGRESS_WORD.search(line, start) is not None


def percents(line: str, start: int, topic: Topic, *, complete: bool) -> list[tuple[float, int]]:
    """Return the percentages in ``line`` from ``start`` on, in order, each with the place where it ends."""
    text = line[start:]
    if "<" in text or "://" in text:
        text = _NOT_TEXT.sub(lambda match: " " * len(match[0]), text)
    one = _ONE_PERCENT.fullmatch(text)  # as nearly every line of progress is
    if not one and not _DIGIT.search(text):
        return []
    if complete and not start and ("/" in text or " of " in text) and "%" not in text and (of := _OF.search(text)):
        return [(round(100 * int(of[1]) / int(of[2]), 2), len(line))] if int(of[1]) <= int(of[2]) else []
    if not one and not any(map(text.__contains__, _TELLING)):
        return []
    topic.follow(line)
    worded = topic.worded
    if not worded and not topic.bare:
        return []
    if one:
        percent = _number(one[1])
        return [(percent, start + one.end(1) + 1)] if percent <= 100 else []
    patterns = [_PERCENT]
    if not worded or topic.progress:  # "Processing image 2..." is no percentage
        patterns.append(_STEP)
    if worded and complete and not start:
        patterns.append(_NAMED)
    found = {match.start(1): (_number(match[1]), start + match.end()) for p in patterns for match in p.finditer(text)}
    if "%" not in text and len(found) == 1 and 0 < (share := next(iter(found.values()))[0]) < 1:
        return [(round(100 * share, 4), len(line))]  # "progress: 0.25" is a share
    return [found[place] for place in sorted(found) if found[place][0] <= 100]


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))
