"""The rule, or the system, that reviews content."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

RULES_OF_CONTENT: Vocabulary = {
    # The rule, or the system, that reviews content.
    "review": (
        Words(
            "en",
            r"\bmoderation\b|\bmoderator\b|\bguardrails?\b|\bguidelines?\b|\bsafety\b"
            r"|\bcontent (?:polic(?:y|ies)|filter(?:s|ing)?|checker|check|security|review|safety"
            r"|standards?|rules?|restrictions?|detection|inspection|restriction)\b"
            r"|\b(?:our|community|usage|platform|google's|openai's|provider's|acceptable use|its|the"
            r"|service|use|model) (?:[\w']+ )?(?:polic(?:y|ies)|standards|rules)\b"
            r"|\b(?:our|safety|community) filters?\b|\b(?:type|kind|sort) of content\b|\bpolicy violation\b"
            r"|\bterms of (?:service|use)"
            r"|\brisk control\b|\bgreen net\b"
            r"|\bdata inspection\b|\bcopyright\b|\bresponsible ai\b|\bcompliance\b",
            "OpenAI, Google, fal, Kling, Wan",
        ),
        Words(
            "zh",
            r"审核|审查|政策|规范|准则|法律法规|法规|合规|内容安全"
            r"|安全(?:策略|系统|检测|审|规|限制|机制|过滤|政策)|社区|规定|规则|风控"
            r"|风险(?:控制|检测|识别|内容)|防护限制|护栏|检测未|检查未|机审|鉴黄|条例|条款|版权",
            "laozhang, Qiniu, jimeng",
        ),
        Words(
            "ja",
            r"ポリシー|ガイドライン|规约|审查|モデレーション"
            r"|安全(?:基准|性|フィルタ|システム|对策|上の|ガード)"
            r"|コンテンツ(?:基准|フィルタ|规定|チェック)|セーフティ|ガードレール|规定|著作权",
            "Sora in Japanese",
        ),
        Words("ko", r"정책|가이드라인|심사|검토|약관|안전|검열|규정|세이프티|모더레이션|지침|저작권", "Sora in Korean"),
        Words(
            "ru",
            r"\bполитик\w*|\bправил\w*|\bмодерац\w*|\bбезопасност\w*|\bцензур\w*"
            r"|\bпроверк\w* (?:контент|безопас|содерж)\w*|\bавторск\w* прав"
            r"|\bтребовани\w* (?:сообществ|платформ|безопас)\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\bpoliticas?\b|\bdirectrices\b|\bdiretrizes\b|\bnormas\b|\bmoderac\w*|\bseguridad\b"
            r"|\bseguranca\b|\btermin?os de (?:uso|servic\w+)|\bpautas\b|\bderechos de autor"
            r"|\bdireitos autorais|\bcensura\b|\brevis(?:ion|ao) de(?:l)? conte\w+",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\b\w*richtlinien?\b|\bmoderation\w*"
            r"|\b\w*sicherheits(?:system|richtlinie|prufung|filter|uberprufung|regel|vorgabe|kontroll)\w*"
            r"|\bnutzungsbedingungen\b|\binhalts(?:prufung|filter|regeln|kontrolle)\b"
            r"|\bgemeinschaftsstandards\b|\burheberrecht\w*|\bprufung\b|\bvorgaben\b|\bregeln\b",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\bpolitiques?\b|\bdirectives\b|\bmoderation\b"
            r"|\b(?:systeme|regles?|filtre|normes?|controle) de securite|\bcharte\b"
            r"|\bconditions d'utilisation|\bregles?\b|\bdroits? d'auteur|\bfiltre\b",
            "the same sentences, translated",
        ),
        Words(
            "pl, nl, hi, th",
            r"\bzasad\w*|\bregulamin\w*|\bpolityk\w*|\b\w*beleid\b|\b\w*richtlijn\w*|नीति|दिशानिर्देश|नियम"
            r"|นโยบาย|กฎ|แนวทาง",
            "the same sentences, translated",
        ),
        Words(
            "it, tr, vi, id, ar",
            r"\bnorme\b|\blinee guida|\bpolitica sui|\bpolitika\w*|\bilkeler\w*|\bkurallar\w*"
            r"|\bchinh sach|\bquy dinh|\bkebijakan|\bpedoman|سياسة|سياسات|إرشادات|معايير|الإشراف",
            "the same sentences, translated",
        ),
    ),
}
