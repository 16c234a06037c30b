"""Money and credits."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

MONEY: Vocabulary = {
    "money": (
        Words(
            "en",
            r"\bbalance\b|\bcredits?\b|\bquota\b|\bfunds?\b|\bpoints\b|\ballowance\b|\bbudget\b"
            r"|\bsubscription quota",
            "new-api, fal, Runway, Kie",
        ),
        Words("zh", r"额度|余额|积分|点数|配额|金额|费用|次数|资源包|流量包|套餐", "new-api, one-api, Kling"),
        Words(
            "other",
            r"残高|クレジット|ポイント|잔액|크레딧|포인트|한도|\bбаланс\w*|\bсредств\w*|\bкредит\w*"
            r"|\bквот\w*|\bsaldo\b|\bcreditos?\b|\bcuota\b|\bfondos\b|\bguthaben\b|\bkontingent\b"
            r"|\bsolde\b|\bcredits?\b|\bcota\b",
            "the same sentences, translated",
        ),
    ),
    "lacking": (
        Words(
            "en",
            r"\binsufficient\b|\bnot (?:have )?enough\b|\bexhausted\b|\bused up\b|\brun out\b"
            r"|\bran out\b|\bexceed(?:ed|s)?\b|\bdepleted\b|\btoo low\b|\bnegative\b"
            r"|\bno (?:remaining |more )?(?:credits?|balance|quota)(?: left| remaining)?$|\bout of\b"
            r"|n(?:o|['’ ]?)t have any (?=credits?\b|balance\b|funds\b|quota\b)"
            r"|\bno credits? (?:left|remaining)|\bzero\b|\binsufficien\w*|\b(?:below|less than)\b",
            "new-api, fal, Runway, Luma, xAI",
        ),
        Words(
            "zh",
            r"不足|不够|用尽|用完|耗尽|已用|超出|超过|为零|已满|(?:扣|额度)[^。]{0,4}失败|欠费|透支|低于|达到上限|达上限",
            "new-api, one-api",
        ),
        Words(
            "other",
            r"不足|足りません|使い切|超过し|超え|부족|소진|초과|없습니다|\bнедостаточн\w*"
            r"|\bисчерпан\w*|\bзакончил\w*|\bпревышен\w*|\binsuficiente\w*|\bagotad\w*|\besgotad\w*"
            r"|\bexcedid\w*|\bnicht (?:genug|genugend|ausreich\w*)|\bunzureichend\w*|\baufgebraucht"
            r"|\berschopft|\binsuffisant\w*|\bepuise\w*|\bdepasse\w*|\bsin (?=creditos|saldo|fondos)"
            r"|\bacab(?:aram|ou)\b|\bplus de (?=credits?\b|solde)|\breicht nicht",
            "the same sentences, translated",
        ),
    ),
    # These say it without a second word.
    "broke": (
        Words(
            "en",
            r"\btoken status exhausted|\bexceeded your current quota|\bbilling hard limit"
            r"|\bpayment required|\bcredit insufficient|\barrear(?:s|age)?\b|\boverdue\b"
            r"|\bexhausted balance|\bkey limit exceeded|\btop[ -]?up\b|\bbudget exhausted|\busage limit exceeded"
            r"|\bset limit exceeded|\bcredits error"
            r"|\bbalance (?:is )?(?:insufficient|exhausted|not enough)|\bpre consume token quota"
            r"|\brecharge\b"
            r"|\b(?:reached|hit) (?:your|the) (?:\w+ )?(?:spending|spend|billing|credit) (?:limit|cap)",
            "new-api, OpenAI, fal, Vidu, Volcengine, DashScope",
        ),
        Words(
            "zh", r"欠费|余额不足|(?:套餐|会员|订阅)[^。]{0,4}(?:到期|过期)|充值|预扣费|额度已用尽", "new-api, one-api"
        ),
    ),
    "nothing_charged": (
        Words(
            "en",
            r"\bno (?:\w+ )?(?:charge|charged|cost|credits? (?:were|was|have|has|will))"
            r"|\b(?:not|n't) (?:be |been )?(?:charged|billed|deducted)|\brefund\w*|\breturned\b",
            "OpenRouter, Venice, Google",
        ),
        Words("zh", r"未扣|不扣|不会扣|退还|返还|不消耗|已退", "PixVerse, relays"),
    ),
}
