"""Verbs of refusing, and what is said instead of them."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

REFUSING: Vocabulary = {
    # Somebody looked at it and said no.
    "refuses": (
        Words(
            "en",
            r"\bviolat\w*|\breject(?:ed|s|ion)?\b|\bblock(?:ed|s)\b|\bflag(?:ged|s)\b|\bfiltered\b(?! to \d)"
            r"|\brefused\b|\bdeclined\b|\bmoderated\b"
            r"|\bcensored\b|\bprohibited\b|\bdisallowed\b|\bintercepted\b|\binfring\w*"
            r"|\bnot (?:be )?compliant\b|\bnon ?compliant\b|\bbreach(?:es|ed)\b|\bcontraven\w*|\bcaught by\b"
            r"|\bbanned\b|\bagainst (?:our|the|its|their|community|content)\b"
            r"|\bfail(?:s|ed)? (?:to pass|the|our) (?=[\w ]{0,20}(?:moderation|review|safety|check"
            r"|audit|inspection))",
            "OpenAI, fal, xAI, Google, Kie",
        ),
        Words(
            "zh",
            r"违规|违反|违禁|拦截|屏蔽|驳回|被拒|拒绝|被阻止|阻止生成|封锁|触发|命中|涉嫌|涉及违|判定为",
            "laozhang, jimeng-free-api, Qiniu, Qianfan",
        ),
        Words(
            "ja",
            r"违反|拒否|ブロックされ|却下|抵触|禁じられ|禁止されて|ブロックしま|弾かれ|フィルタ(?:ー|リング)?(?:により|され)",
            "Sora in Japanese",
        ),
        Words("ko", r"위반|거부|차단|반려|금지된|저촉|거절|위배", "Sora in Korean"),
        Words(
            "ru",
            r"\bнаруш\w*|\bотклон\w*|\bзаблокир\w*|\bзапрещ\w*|\bотказан\w*|\bпротиворечи\w*"
            r"|\bзапрет\w*",
            "relays of Russian sellers",
        ),
        Words(
            "es, pt",
            r"\bviola\w*|\binfring\w*|\bincumpl\w*|\brechaz\w*|\brejeita\w*|\bbloque\w*|\bprohibid\w*"
            r"|\bproibid\w*|\bvulnera\w*|\bdenegad\w*|\bcontraria\w*|\brecusad\w*|\bmarcad[oa]s? como"
            r"|\bsinalizad\w*",
            "Sora in Spanish and Portuguese",
        ),
        Words(
            "de",
            r"\bverstoss\w*|\bverstiess\w*|\bverletz\w*|\babgelehnt\w*|\bblockiert\w*"
            r"|\bzuruckgewiesen\w*|\bverweigert\w*|\bbeanstandet\w*|\bgesperrt\w*|\bwiderspricht\b"
            r"|\bverboten\w*",
            "Sora in German",
        ),
        Words(
            "fr",
            r"\bviol(?:e|ent|er|ation)\b|\benfrei\w*|\bcontrevien\w*|\brejete\w*|\brefusee?\b(?! to)"
            r"|\bbloque\w*|\binterdit\w*|\bsignale\w*|\bnon conforme\w*|\benfreindr\w*",
            "Sora in French",
        ),
        Words(
            "pl, nl, hi, th",
            r"\bnarusz\w*|\bodrzucon\w*|\bzablokowan\w*|\bzabronion\w*|\bin strijd met\b|\bschend\w*"
            r"|\bgeweigerd\w*|\bafgewezen\b|\bgeblokkeerd\w*|\bverboden\b|उल्लंघन|अस्वीकृत|अवरुद्ध|ละเมิด"
            r"|ปฏิเสธ|ถูกบล็อก"
            r"|ไม่อนุญาต",
            "the same sentences, translated",
        ),
        Words(
            "it, tr, vi, id, ar",
            r"\bviola\w*|\bbloccat\w*|\brifiutat\w*|\bihlal\w*|\breddedildi|\bengellendi|\bvi pham"
            r"|\bbi tu choi|\bbi chan\b|\bmelanggar|\bditolak|\bdiblokir|ينتهك|مرفوض|محظور|تم رفض"
            r"|انتهاك|مخالف",
            "the same sentences, translated",
        ),
    ),
    # It was not let through; of parameters this is said as well.
    "not_let": (
        Words(
            "en",
            r"\b(?:not|n't|never|cannot|isn't|aren't) (?:be )?(?:allowed|permitted|accepted|acceptable"
            r"|approved|pass|passed|comply|compliant|conform|appropriate|process(?:ed)? (?:due|because))\b"
            r"|\bnot ?pass\b|\bforbidden\b|\bden(?:y|ied|ies)\b|\bnon ?compliant\b|\bdoes not meet\b"
            r"|\bdid not (?:pass|meet)\b|\bnot adhere\b",
            "OpenAI, Volcengine",
        ),
        Words(
            "zh",
            r"(?:未|不|没有?|未能|无法)(?:被)?通过|不符合|不合规|不合法|不允许|不被允许|禁止|不得|未达标|不合格|不予",
            "Qiniu, laozhang, jimeng",
        ),
        Words(
            "ja",
            r"(?:通过|合格|适合|准拠|遵守)(?:し|でき|いたし)(?:ません|なか|ていません)|许可されて"
            r"|认められ(?:て|ません)|落ち(?:まし|た)|禁止|制限されて",
            "the same sentences, translated",
        ),
        Words(
            "ko",
            r"통과하지 못|통과되지|허용되지|허용하지|금지|부합하지|준수하지|걸려|걸렸",
            "the same sentences, translated",
        ),
        Words(
            "ru",
            r"\bне (?:прош\w+|пройден\w*|допуска\w+|разреш\w+|соответству\w+|одобрен\w*)|\bнедопуст\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\bno (?:esta |estan |fue |ha |se )?(?:permit\w*|paso|pasado|supero|superado|cumpl\w*"
            r"|aprob\w*|acept\w*)"
            r"|\bnao (?:e |sao |foi |esta )?(?:permit\w*|passou|aprovad\w*|atende|cumpre|aceit\w*)",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\bnicht (?:erlaubt|zulassig|gestattet|bestanden|zugelassen|akzeptiert|entspricht|konform)"
            r"|\bunzulassig\w*|\bentspricht nicht"
            r"|\bnicht\b[\w ]{0,40}\b(?:entspricht|entsprechen|bestanden)",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\b(?:pas|non) (?:ete )?(?:autoris\w*|conforme\w*|accepte\w*|permis\w*|passe|reussi|approuv\w*)"
            r"|\bne (?:respecte\w*|passe\w*)",
            "the same sentences, translated",
        ),
    ),
    # It was made or asked for, and is kept back.
    "withheld": (
        Words(
            "en",
            r"\b(?:can ?not|can't|could ?n[o']t|unable to|not able to|won't|will not|did not) (?:be )?(?:\w+ )?"
            r"(?:generat|creat|mak|made|show|display|process|complet|return|produc|fulfil|submit|deliver"
            r"|continu|proceed)\w*"
            r"|\bwithheld\b|\bsuppressed\b|\b(?:been|was|were) (?:removed|taken down|withdrawn)\b",
            "Google, Grok, relays",
        ),
        Words(
            "zh",
            r"(?:无法|不能|不可|不予|不会|未能)(?:为您|为你|继续|直接|正常)?(?:生成|展示|显示|提供|返回|创作|创建|制作|输出|处理|继续)"
            r"|已(?:被)?(?:删除|下架|移除|屏蔽|隐藏)",
            "Chinese clouds",
        ),
        Words(
            "ja, ko",
            r"(?:生成|表示|作成|提供|处理|完了|出力)(?:することが|が|は|を)?(?:でき(?:ません|なかった|ず)|いたしかね|されません)"
            r"|(?:생성|표시|제공|처리|제작|출력)(?:할|될)? ?(?:수 없|하지 못|되지 않|불가)",
            "the same sentences, translated",
        ),
        Words(
            "ru, es, pt, de, fr",
            r"\bне (?:удалось|может быть|могут быть|можем)\b|\bневозможно\b|\bудален\w*"
            r"|\bno (?:se )?(?:puede|pudo|podemos)\b"
            r"|\bnao (?:pode|podemos|foi possivel)\b|\bkann nicht\b|\bkonnte nicht\b|\bkonnen nicht\b|\bne peut pas\b"
            r"|\bn'a pas pu\b|\bimpossible d\w*|\bentfernt\b|\bsupprime\w*",
            "the same sentences, translated",
        ),
    ),
    "unsupported": (
        Words(
            "en",
            r"\b(?:not|n't) (?:currently )?(?:support(?:ed)?|allow(?:ed)?|permit(?:ted)?|accept(?:ed)?)\b"
            r"|\bunsupported\b|\bcannot (?:be )?(?:use|process|animate)d?\b|\bprohibit\w*"
            r"|\bnot possible\b",
            "OpenAI",
        ),
        Words("zh", r"(?:不|暂不|尚不|未)支持|不能使用|不可使用|禁止|不允许|无法(?:使用|处理)", "laozhang"),
        Words(
            "ja",
            r"(?:对应|サポート)して(?:い|おり)ません|サポートされて|利用できません|使用できません|使えません|アップロードできません",
            "Sora in Japanese",
        ),
        Words("ko", r"지원하지|지원되지|사용할 수 없|업로드할 수 없|허용되지", "Sora in Korean"),
        Words("ru", r"\bне поддержива\w*|\bнельзя\b|\bне допуска\w*|\bзапрещ\w*", "the same sentences, translated"),
        Words(
            "es, pt",
            r"\bno (?:se )?(?:admit\w*|soport\w*|acept\w*|permit\w*)"
            r"|\bnao (?:e |sao )?(?:suporta\w*|aceita\w*|permiti\w*|oferece suporte)"
            r"|\bno (?:es |son )?compatibl\w*",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\bnicht (?:unterstutzt|erlaubt|zulassig|verwendet|gestattet)"
            r"|\bunterstutz\w* (?:derzeit |wir )?(?:kein\w*|nicht)",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\b(?:pas|plus) (?:pris\w* en charge|support\w*|autoris\w*|accept\w*)"
            r"|\bne prenons pas en charge|\bnon pris",
            "the same sentences, translated",
        ),
    ),
    # "Text Risk Not Pass", "input_image_moderation_failed": the review is the subject of the failing.
    "review_failed": (
        Words(
            "en",
            r"\b(?:moderation|review|audit|inspection|safety(?: check| filter| system| review)?"
            r"|risk(?: control)?|censor(?:ship)?|nsfw|green net|compliance check)(?: check)?(?: has"
            r"| was| is)? (?:fail(?:ed|ure)?|not pass(?:ed)?|reject(?:ed|ion)?|blocked|illegal"
            r"|violation|triggered|hit|denied|declined)\b(?! to)"
            r"|\bfail(?:ed|s|ure)? (?:to pass )?(?:the |our |a )?(?:\w+ )?(?:moderation|content review"
            r"|safety (?:check|review|inspection)|risk control|compliance|audit|inspection)\b"
            r"|\bdid ?n[o']t pass\b[\w ]{0,20}(?:moderation|review|check|audit)|\bsubmit illegal\b"
            r"|\b(?:prompt|image|input|output|text|video|content) (?:unsafe|moderated|blocked"
            r"|prohibited|filtered|illegal|violation)\b|\b(?:content|request) moderated\b",
            "Volcengine, Kling, Vidu, Wan, BFL, Luma",
        ),
        Words(
            "zh",
            r"(?:审核|审查|内容安全|安全检测|风控|机审)[^。]{0,4}(?:失败|未过|不过|驳回|不通过|未通过"
            r"|拒绝|没过|未能通过)"
            r"|(?:未|没|没有|不|无法)过审"
            r"|(?:未|没有?|不|未能|无法)(?:能)?通过[^。]{0,8}(?:审核|审查|检测|风控|安全|检查)",
            "laozhang, jimeng",
        ),
        Words(
            "other",
            r"审查(?:に|を|で)(?:落|通|失|不)|审查[^。]{0,6}(?:不合格|否决|却下|通りません)"
            r"|심사(?:에|를)?[^.]{0,6}(?:실패|탈락|통과하지|거부)"
            r"|\bне прош\w+ (?:модерац|проверк|цензур)\w*"
            r"|\bno (?:paso|supero|pasado|superado)\b[^.]{0,20}(?:moderac|revision|control)\w*"
            r"|\bnao passou\b[^.]{0,20}(?:moderac|revis)\w*"
            r"|\b(?:prufung|moderation)\b[^.]{0,20}nicht bestanden"
            r"|\bn'a pas passe\b[^.]{0,30}(?:moderation|controle)",
            "the same sentences, translated",
        ),
    ),
}
