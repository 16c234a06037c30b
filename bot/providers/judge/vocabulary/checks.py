"""What sounds like a review and is no verdict: nothing found, still checking, the check itself broke."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

CHECKS: Vocabulary = {
    # There was no fault to be found, or nothing at all where something was needed.
    "none_found": (
        Words(
            "en",
            r"\bno (?:\w+ ){0,4}(?:violations?|issues?|problems?|faces?|humans?|person|people|subject"
            r"|sensitive \w+)\b"
            r"|(?<!must )(?<!should )(?<!may )\b(?:not|n't|never)(?: been| be)? (?:\w+ )?(?:flagged|blocked"
            r"|rejected|violat\w*"
            r"|detected|found|recognized|contain\w*|infring\w*)\b|\bcould ?n[o']t (?:detect|find)"
            r"|\bwill be (?:removed|blocked|rejected|deleted|refused|banned)\b|\bwithout (?:any )?violat\w*"
            r"|\bunable to (?:detect|find|locate|recognize)"
            r"|\bfailed to (?:detect|find|recognize)|(?<!not )\bpassed\b"
            r"|\b(?:multiple|several|too many) (?:faces|people|persons)|\bmore than one (?:face|person)"
            r"|\bmissing (?:face|person)|\bcannot (?:detect|find)|\bmust (?:contain|include|show)"
            r"|\b(?:face|person|human)s? (?:not|is required|required|is missing)",
            "lip-sync services, relays that tell of each step",
        ),
        Words(
            "zh",
            r"未(?:发现|检测到|检出|识别到?|包含|见)|没有(?:发现|检测到|识别到|违规|违反)|无违规"
            r"|不存在违规|(?<!未)(?<!不)(?<!没)(?<!有)(?<!能)(?<!法)通过(?:了)?(?:审核|检测|审查)"
            r"|审核(?:已)?通过|检测不到|找不到|未能(?:检测|识别)|不含|无法(?:检测|识别)|多张人脸"
            r"|多个人|必须(?:包含|有)|缺少|需要(?:包含|有)",
            "lip-sync services, relays that tell of each step",
        ),
        Words(
            "ja, ko",
            r"(?:检出|认识|确认)(?:され|でき)ません|见つかりません"
            r"|违反し(?:て|ておらず|ま)[^。]{0,4}ません|问题(?:ありません|はありません)|감지되지 않"
            r"|감지하지 못|찾을 수 없|검출되지|인식되지|인식하지|위반하지 않|문제가 없",
            "the same sentences, translated",
        ),
        Words(
            "ru, es, pt, de, fr",
            r"\bне (?:обнаруж\w*|найден\w*|распозна\w*|наруша\w*|содерж\w*)|\bнет нарушен\w*"
            r"|\bno se (?:ha )?(?:detect\w*|encontr\w*)|\bno (?:detect\w*|viola|contien\w*)"
            r"|\bnao (?:foi |foram )?(?:detect\w*|encontr\w*|viola|contem)|\bnenhum\w*|\bningun\w*"
            r"|\bkein(?:e|en|er)?\b[^.]{0,30}\b(?:erkannt|gefunden|entdeckt|verstoss\w*)"
            r"|\bnicht (?:erkannt|gefunden|verletzt)|\baucun\w*"
            r"|\bpas (?:ete )?(?:detect\w*|trouv\w*|viol\w*)|\bnon detect\w*",
            "the same sentences, translated",
        ),
    ),
    # The review is under way, and has not said anything.
    "checking": (
        Words(
            "en",
            r"^\W*(?:now |currently |still )?(?:checking|reviewing|scanning|verifying|validating"
            r"|moderating|running)\b|\bis (?:being|under) (?:reviewed|checked|moderated|review)\b"
            r"|\bpending review\b|\bunder review\b|\breview (?:in progress|started)\b",
            "relays that tell of each step",
        ),
        Words(
            "zh",
            r"正在(?:进行)?(?:检查|检测|审核|审查|校验|内容)|审核中|检测中|审查中|等待审核"
            r"|审核(?:当前)?图片中|待审核|开始审核",
            "relays that tell of each step",
        ),
        Words(
            "other",
            r"确认中|审查中です|チェック中|审查して(?:い|お)|검토 중|심사 중|확인 중|\bпроверяется"
            r"|\bпроверяем|\bидет проверка|\bverificando\b|\brevisando\b|\bwird (?:gepruft|uberpruft)"
            r"|\ben cours de (?:verification|moderation)|\bverification en cours",
            "the same sentences, translated",
        ),
    ),
    # The review itself did not work.
    "check_broke": (
        Words(
            "en",
            r"\b(?:fail(?:ed|ure)?|unable|error|could not|couldn't|cannot|timeout|timed out"
            r"|errors?)\b (?:to|while|during|in|when|calling|running) (?:\w+ ){0,2}(?:moderat(?:e|ing"
            r"|ion)|review(?:ing)?|inspect(?:ing)?|check(?:ing)?|audit(?:ing)?|scan(?:ning)?)\b(?! due"
            r"| because)"
            r"|\b(?:moderation|safety|review|audit|security|content (?:check|filter"
            r"|review))(?: \w+)? (?:service|api|server|endpoint|request|system|check|provider"
            r"|detection)? ?(?:error|exception|timeout|timed out|(?:is |was )?(?:unavailable"
            r"|not available|unreachable|down|offline)|(?:returned|responded)(?: with)?(?: an?)? (?:error|\d"
            r"|http|invalid|empty|unexpected|status))"
            r"|\bsecurity detection error",
            "grok2api, Volcengine ContentSecurityDetectionError",
        ),
        Words(
            "zh",
            r"(?:审核|审查|安全检测|内容检测|风控)(?:服务|接口|系统|模块|程序)?(?:暂时|出现|发生|请求"
            r"|调用)*(?:异常|超时|出错|错误|不可用|繁忙|故障)"
            r"|(?:审核|检测|风控|敏感词)(?:服务|接口|系统)(?:调用|请求|连接)?失败",
            "relays of Chinese clouds",
        ),
        Words(
            "other",
            r"(?:审查|モデレーション)(?:サービス|システム)[^。]{0,8}(?:エラー|タイムアウト|利用できま|障害)"
            r"|(?:심사|검토|검열) ?(?:서비스|시스템)[^.]{0,8}(?:오류|실패|장애|시간)"
            r"|\b(?:ошибка|сбой) (?:сервиса |системы )?модерац\w*"
            r"|\bсервис модерац\w*[^.]{0,10}\bнедоступ\w*"
            r"|\b(?:error|fallo|erro|falha) (?:del|do|en el|no) (?:servicio|servico|sistema) de moderac\w*"
            r"|\bmoderationsdienst\w*[^.]{0,30}(?:nicht erreichbar|fehler|ausgefallen)"
            r"|\b(?:erreur|panne) du (?:service|systeme) de moderation",
            "the same sentences, translated",
        ),
    ),
}
