"""What kind a line of prose is: a failure, a success, a notice of a retry. Data, in the languages services speak."""

from __future__ import annotations

import re

from bot.providers.text.lexicon import Lexicon
from bot.providers.text.sentences import ANNOUNCED

FAILURE_MARK = re.compile(r"❌|⛔|🚫|✖|✗|❎|🛑")
# Marks of a line of prose that reports a failure, and of one that says the service is trying again.
_FAILURE = (
    r"❌|⛔|🚫|✖|✗|🛑|失败|失敗|\bfail(?:ed|ure|s)?\b|\berror\b|错误|錯誤|被拒|拒绝|拒絕"
    r"|\brejected\b|\brefused\b|\bblocked\b|\bflagged\b|\bviolat|\bdeclined\b|\bmoderated\b"
    r"|\bnot allowed\b|\binappropriate\b|\bwent wrong\b|\boops\b|出了点?问题|出现问题|开小差"
    r"|违规|違規|违反|違反|未通过|未通過|不通过|拦截|攔截|屏蔽|超时|超時|\btime(?:d )?out\b"
    r"|不符合|敏感内容|报错|出错|异常"
    r"|エラー|拒否|ブロック|不適切|タイムアウト|できません|できませんでした|오류|실패|거부|차단|위반|부적절|할 수 없"
    r"|ошибк|не удалось|отклон|заблокир|наруша|наруш|запрещ|сбой|falló|fallo\b|fall[oó]"
    r"|rechazad|bloquead|viola\b|infring|no se pudo|falh|erro\b|rejeitad|recusad"
    r"|não foi possível"
    r"|fehler|fehlgeschlagen|abgelehnt|blockiert|verstößt|verstoß|gescheitert|échec|échou"
    r"|erreur|refusé|rejeté|bloqué|enfreint|viole\b|non conforme|başarısız|reddedildi|thất bại"
    r"|gagal|ditolak|errore|rifiutat|فشل|خطأ|رفض"
)
_RETRY = (
    r"正在.{0,12}重试|第\s*\d+\s*次重试|已自动禁用|\bretrying\b|\bwarning\b|\bwill retry\b"
    r"|\btrying again\b|自动重试|即将重试|再試行(?:中|し)|재시도 ?중|повторная попытка"
    r"|повторяем|reintentando|tentando novamente|wird wiederholt|nouvelle tentative"
)
_SUCCESS = (
    r"✅|🎉|(?<!不)(?<!未)(?<!没)(?<!沒)成功|(?<!un)success|\b(?:is|are|now) ready\b"
    r"|\bcompleted\b(?! with errors)|\bgenerated\b|\bcomplete\b|\bfinished\b"
    r"|\bhere(?:'s| is) your\b|\benjoy\b|\bdone\b"
    r"|生成完成|已完成|完成(?!前)|已生成|生成完毕|做好了|完成しました|できました"
    r"|生成されました|完了|완료|생성되었|완성|готов|завершен|успешно|создан|listo|lista"
    r"|completad|generad|pronto|concluíd|gerad|fertig|abgeschlossen|erstellt|bereit|terminé"
    r"|prêt|généré|réussi"
)
REVIEW_HEADING = re.compile(r"^\W*content policy violation\W*$", re.IGNORECASE)  # sora2api, in reasoning_content

# What might happen, and what did not.
_HARMLESS = re.compile(
    r"失败(?:不|可|会|时|率|则|的话|自动)|[如若](?:果|遇)?[^，。,]{0,8}(?:失败|异常|报错)|(?:请勿|严禁)[^。，,]{0,20}|(?:无|没有|零)(?:失败|错误|异常|报错)"
    r"|\b(?:content|material|prompts?|videos?) (?:that|which) violat\w+"
    r"|\b(?:0|no|zero|without) (?:any )?(?:fail(?:ed|ures?)|errors?|violations?)|\bif\b[^.,]{0,40}?\b(?:fail"
    r"|error|blocked)\w*"
)

FAILURE, RETRY, SUCCESS = "failure", "retry", "success"
_KINDS = Lexicon({FAILURE: [_FAILURE], RETRY: [_RETRY], SUCCESS: [_SUCCESS]})


def kinds_of(line: str) -> frozenset[str]:
    """Return what a line of prose tells of: a failure that stands, a retry by the service itself, a success."""
    line = line.lower()
    kinds = _KINDS.names_in(line)
    if FAILURE in kinds and (announced := ANNOUNCED.search(line)):
        line = line[: announced.start()]
        kinds = _KINDS.names_in(line)
    if FAILURE in kinds and (rest := _HARMLESS.sub(" ", line)) != line:
        kinds = _KINDS.names_in(rest)
    return kinds - {FAILURE} if RETRY in kinds else kinds


def is_failure(line: str) -> bool:
    """Whether a line of prose reports a failure, and does not say that the service is trying again."""
    return FAILURE in kinds_of(line)


def is_retry(line: str) -> bool:
    """Whether a line tells of something that the service is about to mend by itself."""
    return RETRY in kinds_of(line)


def is_marked_failure(line: str) -> bool:
    """Whether a line bears a sign of failure that nothing else has."""
    return FAILURE_MARK.search(line) is not None and not is_retry(line)
