"""
Text as the judge reads it: plain lower-case words, cut into sentences, without advice, links and names of settings.

Everything here takes and returns plain strings; what the words mean is ``judge/``'s.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import NamedTuple

MAX_JUDGED = 8000  # characters; no message of an error seen so far has half of it

# Traditional signs, and Japanese ones of the same shape, as their simplified forms: one vocabulary serves them all.
_SIMPLIFIED = str.maketrans(
    "圖違規審詞視頻檢測濾攔絕無內請額餘戶錯誤敗過載權試後禁護關鍵體臉傳參數認證隱侵權產結這個對於創製幫發"
    "現觸擊輸現應該範風險資訊応対権検処変実験録図顔児伝効済続読様関観動編種類連選達願題約経給機業構標殺満"
    "為産異発確準樣條據導滿調說讀寫輯適當將還來時長開問間點眾虛擬髮黃裡顯屬雜級線頁預購買賬帳號積單隊擁擠"
    "負檔駁迴則協議領殘賭黨國歲務沒聯費鑰須壓損壞組專員齡僅備偵從擇擋暫槍毀獲終統絡維緊縮繼聲脫與補裝訂訪許語識譯讓質較輪轉辦鎖錄雲項飽驗",
    "图违规审词视频检测滤拦绝无内请额余户错误败过载权试后禁护关键体脸传参数认证隐侵权产结这个对于创制帮发"
    "现触击输现应该范风险资讯应对权检处变实验录图颜儿传效济续读样关观动编种类连选达愿题约经给机业构标杀满"
    "为产异发确准样条据导满调说读写辑适当将还来时长开问间点众虚拟发黄里显属杂级线页预购买账帐号积单队拥挤"
    "负档驳回则协议领残赌党国岁务没联费钥须压损坏组专员龄仅备侦从择挡暂枪毁获终统络维紧缩继声脱与补装订访许语识译让质较轮转办锁录云项饱验",
)
# Latin letters that do not come apart into a plain one and an accent.
_PLAIN_SIGNS = _SIMPLIFIED | str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o", "\u0307": None})
_QUOTES = str.maketrans("‘’ʼ`´“”„«»「」『』《》", '\'\'\'\'\'"""""""""""')

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_LINK = re.compile(r"(?:https?:)?//[^\s<>\"'()|]+|\bdata:[\w/+.-]+;base64,\S*", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*+|~{2,}|^\s*[>#]+", re.MULTILINE)
_ACCENTED = re.compile("[À-ɏḀ-ỿ]")
# Those below begin with the signs that they look for and look back from there: tried at such a sign alone, not at each.
_CAMEL = re.compile(r"[A-Z](?:(?<=[a-z0-9].)|(?<=[A-Z].)(?=[a-z]))")
_SPACES = re.compile(r"[ \t\r\f\v]{2,}|[\t\r\f\v]")
_GLUE = re.compile(r"[_‐–-](?<=\w.)[_‐–-]*(?=\w)|\.(?<=[A-Za-z].)(?=[A-Za-z])")
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # of Chinese, Japanese and Korean
_BEHIND_LATIN = re.compile(f"[{_SIGNS}](?<=[a-z0-9].)")
_BEFORE_LATIN = re.compile(f"[{_SIGNS}](?=[a-z0-9])")

# The name of a setting says nothing of the content: "Unsupported parameter: safety_identifier", "'accuracy' parameter".
_SETTING = (
    r"parameters?|params?|fields?|arguments?|options?|propert(?:y|ies)|settings?|attributes?"
    r"|unknown name|参数|字段|属性"
)
_SETTING_WORDS = ("param", "field", "argument", "option", "propert", "setting", "attribute", "unknown name", *"参字属")
# Settings whose names sound like a review (Google, OpenAI, BFL, fal, Runway).
_REVIEW_SETTING = re.compile(
    r"\b(?:person_?generation|safety_?(?:settings?|tolerance|identifier|filter_?level|checker\w*)"
    r"|(?:enable|disable)_safety\w*|moderation_?(?:level|mode)|content_?filter_?level|include_?rai_?reason"
    r"|face_enhance\w*)\b",
    re.IGNORECASE,
)
_REVIEW_SETTING_WORDS = ("person", "safety", "moderation", "filter", "rai_", "rairea", "enhance")
_NAMED_SETTING = re.compile(
    rf"((?:{_SETTING})\s*(?:supplied|named?|is|值)?\s*[:=]?\s*)(?:\"[^\"\n]{{1,60}}\""
    rf"|'[^'\n]{{1,60}}'|[A-Za-z]+[_.][\w.]+|(?<=[:=] )\w+)",
    re.IGNORECASE,
)
_SETTING_NAMED = re.compile(
    rf"(?:\"[^\"\n]{{1,60}}\"|'[^'\n]{{1,60}}'|\b[a-z]+_\w+)\s*(?=(?:{_SETTING})\b)", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"\b(?!msg\b|message\b|code\b|bizcode\b|reasons?\b|err|status|detail)([A-Za-z_]+)=[\w.-]+", re.IGNORECASE
)
# LiteLLM names its exception before the words of the service, and is wrong about the kind now and then.
_EXCEPTION = re.compile(r"\blitellm\.\w+|\b(?!Content|Moderation|Safety|Policy)[A-Z]\w+(?:Exception|Error)(?=: )")

_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"')\]]|$|[^\x00-\x7f])|[。\n|;]+")
_PART_END = re.compile(r"[,、:()\[\]{}]+|\s[-—–]+\s|—+")
_ASKS = ("please", "bitte", "veuillez", "por favor", "kindly", "请", "пожалуйста")
_PART_END_OR_ASKING = re.compile(
    _PART_END.pattern + r"|(?=\b(?:please|bitte|veuillez|por favor|so please|kindly)\b)|(?<!申)(?=请(?!求))"
    r"|(?=пожалуйста)"
)
_ADVICE_ENDS = ("ください", "お試し", "お愿いします", "주세요", "하십시오", "바랍니다", "보세요")
_ADVICE = re.compile(
    r"^\W*(?:(?:and|or|so|then|but|also|und|oder|y|o|et|ou|e|并|再|或|然后|以及|и|или)\s*)*(?:"
    r"please|pls\b|kindly|try\b|retry|consider"
    r"|you (?:can|may|might|could|should)\b(?! not\b| only\b)|make sure|ensure"
    r"|check (?:your|the|if|that|whether|and)|contact|see\b|"
    r"for (?:more|details|further)|visit|refer\b|learn more|to (?:avoid|continue|proceed|learn|fix|resolve)|"
    r"(?:if|in case|wenn|falls|si|se|если)\b|when you (?:think|want|need|wish|are)|"
    r"(?:remove|change|edit|modify|rephrase|adjust|revise|replace|reword|rewrite|use|upload"
    r"|choose|pick|avoid|submit|switch|simplify) (?:the|your|an?|any|another|other|it"
    r"|different|or|and)\b|"
    r"请(?!求)|建议|可以(?!看)|您?可(?:尝试|以)|你可以|您可以|如(?:果|有|需)|若(?:有|您|你|需)"
    r"|尝试|试试|换(?:一|个|张|成|用)|更换|修改|调整|避免|重新|稍后|检查|联系"
    r"|或(?:者)?(?:修改|更换|换|重试|联系)|"
    r"пожалуйста|попробуйте|измените|проверьте|используйте|повторите|обратитесь|замените|уберите|"
    r"por favor|intent[ae]|prueb[ae]|modifi(?:que|ca)|cambi[ae]|revis[ea]|verifi(?:que|ca)"
    r"|edit[ea]\b|us[ea] (?:otr|un)|tent[ea]|altere|ajuste|"
    r"bitte|versuchen sie|versuche\b|andern sie|veuillez|essayez|modifiez|changez|reessayez|"
    r"lutfen|vui long|silakan|mohon|per favore|يرجى|حاول"
    r")"
)

# What is going to be made, told in the member's words.
ANNOUNCED = re.compile(
    r"\b(?:i'll|i will|let me|i'm going to) (?:now )?(?:animate|create|generate|make|render|produce|turn|bring)\b"
    r"|我(?:将|会|这就)(?:为|帮|给)[您你](?:生成|制作|创建)"
)


class Sentence(NamedTuple):
    """One sentence: ``words`` is what is judged, ``advice`` what was put aside."""

    words: str
    advice: str = ""


def plain_words(text: str) -> str:
    """Return ``text`` in lower case without accents, links, emphasis; codes such as ``ImageUnsafe`` cut into words."""
    text = text[:MAX_JUDGED].replace("\\/", "/")
    if "&" in text:
        text = html.unescape(text)
    ascii_only = text.isascii()
    if not ascii_only:
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).translate(_QUOTES))
    if "//" in text or "data:" in text:
        text = _LINK.sub(" ", text)
    if "*" in text or "~" in text or ">" in text or "#" in text:
        text = _EMPHASIS.sub(" ", text)
    if "Error: " in text or "Exception: " in text or "litellm" in text:
        text = _EXCEPTION.sub(" ", text)
    lower = text.lower()
    if any(map(lower.__contains__, _SETTING_WORDS)):
        text = _SETTING_NAMED.sub(" ", _NAMED_SETTING.sub(r"\1", text))
    if any(map(lower.__contains__, _REVIEW_SETTING_WORDS)):
        text = _REVIEW_SETTING.sub(" setting ", text)
    if "=" in text:
        text = _ASSIGNED.sub(" setting ", text)
    text = _CAMEL.sub(r" \g<0>", _GLUE.sub(" ", text)).casefold()
    if not ascii_only:
        text = _ACCENTED.sub(lambda match: unicodedata.normalize("NFD", match[0])[0], text).translate(_PLAIN_SIGNS)
        text = _BEFORE_LATIN.sub(r"\g<0> ", _BEHIND_LATIN.sub(r" \g<0>", text))
    return _SPACES.sub(" ", text) if "  " in text or "\t" in text or "\r" in text else text


def plain_pattern(pattern: str) -> str:
    """Return a pattern for ``plain_words``, its Chinese and Japanese signs in the one form that is used there."""
    return pattern.translate(_SIMPLIFIED)


def sentences(text: str) -> list[Sentence]:
    """
    Return the sentences of ``text`` as plain words, what is mere advice put aside.

    A text that is nothing but advice is all that was said, and then is judged as it stands.
    """
    words = plain_words(text)
    split = (_PART_END_OR_ASKING if any(map(words.__contains__, _ASKS)) else _PART_END).split
    found = [_without_advice(split(sentence)) for sentence in _SENTENCE_END.split(words) if sentence.strip()]
    if any(sentence.words for sentence in found):
        return found
    return [Sentence(sentence.advice) for sentence in found]


def _without_advice(parts: list[str]) -> Sentence:
    kept: list[str] = []
    advice: list[str] = []
    for part in map(str.strip, parts):
        if part and not ANNOUNCED.match(part):
            (advice if part.endswith(_ADVICE_ENDS) or _ADVICE.match(part) else kept).append(part)
    return Sentence(", ".join(kept), ", ".join(advice))
