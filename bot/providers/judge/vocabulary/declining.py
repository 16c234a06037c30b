"""How a chat model says no in its own words."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

DECLINING: Vocabulary = {
    # A chat model that says no in its own words: it speaks of itself, and of making.
    "wont": (
        Words(
            "en",
            r"\b(?:i|we|i'm|we're|i am|we are)\b[\w' ]{0,30}(?:\bcan ?not\b|\bcan't\b|\bunable to\b"
            r"|\bnot able to\b|\bwon't\b|\bwill not\b|\bnot (?:allowed|permitted|comfortable|going) \b"
            r"|\brather not\b|\bmust decline\b|\bhave to decline\b|\bdecline to\b"
            r"|\brefuse to\b)[\w', ]{0,40}?\b(?:creat|generat|mak(?:e|ing)|produc|help|assist|fulfil"
            r"|comply|animat|proceed|depict|process|complete|do (?:that|this)|provide|continue|turn"
            r"|support|with (?:that|this))\w*"
            r"|^(?:sorry|unfortunately)?\W*(?:can't|cannot|unable to) (?:help|assist|comply|fulfil"
            r"|create|generate|make) ?(?:with )?(?:that|this|content|it|images? of|videos? of)"
            r"|\bcan't (?:help|assist) with (?:that|this)"
            r"|(?:\bnot|n't) something (?:i|we)\b|\b(?:outside|beyond) what (?:i|we)\b|\bwe (?:don't"
            r"|do not) (?:create|generate|make|produce|allow"
            r"|permit)\b",
            "OpenAI's and Gemini's stock refusals",
        ),
        Words(
            "zh",
            r"(?:我|我们|抱歉|对不起|很遗憾|非常遗憾|不好意思)[^。]{0,12}(?:无法|不能|没办法|没法|不可以"
            r"|不会|拒绝|不便)(?:为您|为你|帮您|帮你|给您|提供|按照|根据|继续|直接)?[^。]{0,6}(?:生成"
            r"|创建|制作|协助|帮助|处理|完成|满足|继续|提供|创作|实现|做)",
            "Sora, Gemini and Grok in Chinese",
        ),
        Words(
            "ja",
            r"(?:生成|作成|手传い|对应|应え|提供|制作|协力|お作り)(?:することは|することが|は|を"
            r"|が)?(?:でき(?:ません|かね)|いたしかね|しかね|できない)|ご要望に(?:お)?(?:応|应|沿)え",
            "the same sentences, translated",
        ),
        Words(
            "ko",
            r"(?:생성|제작|도와|도움|만들|처리|진행|지원)[^.]{0,10}(?:수 없|못합|못하|불가|어렵|않습)",
            "the same sentences, translated",
        ),
        Words(
            "ru",
            r"\bне (?:могу|можем|смогу|сможем|буду)\b[^.]{0,20}\b(?:созда|сгенер|помо|выполн|сдела"
            r"|генер|предостав)\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\b(?:no|nao) (?:puedo|podemos|posso|podemos|consigo|conseguimos|me es posible|e possivel"
            r"|soy capaz de|sou capaz de|estoy autorizado a)\b[^.]{0,20}\b(?:crea|cria|genera|gera"
            r"|ayuda|ajuda|producir|produzi|hacer|fazer|asisti|cumpli|completar|atender|proporcion"
            r"|fornec)\w*",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\b(?:kann|konnen|darf|durfen)\b[^.]{0,60}\bnicht\b[^.]{0,30}\b(?:erstell|generier|helf"
            r"|erzeug|mach|unterstutz|nachkomm|bearbeit)\w*"
            r"|\bkann (?:ich|dir|ihnen)\b[^.]{0,40}nicht\b"
            r"|\b(?:kann|darf|konnen|durfen|werde|mochte)\b[^.]{0,24}\bkein\w*\b[^.]{0,40}"
            r"\b(?:erstell|generier|erzeug|produzier|mach)\w*",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\b(?:ne (?:peux|peut|pouvons|puis)|suis pas en mesure|sommes pas en mesure|pas capable"
            r"|impossible)\b[^.]{0,30}\b(?:creer|generer|aider|produire|realiser|faire|repondre"
            r"|traiter|assister|satisfaire)\b",
            "the same sentences, translated",
        ),
    ),
    # It says of itself that it makes no videos at all: the wrong model, and no review.
    "incapable": (
        Words(
            "en",
            r"\btext based\b|\blanguage model\b"
            r"|\b(?:don't|do not) have the (?:ability|capability|tools?)\b|\bcapabilit\w+ to\b"
            r"|\bcan't directly\b|\bcannot directly\b|\bi can only\b"
            r"|\b(?:create|generate|make|produce|process) (?:a )?(?:videos?|images?|media)(?: files?"
            r"| content)?(?: directly| at this time| yet)?(?: or (?:images?|videos?))?$",
            "chat models under a video model's name",
        ),
        Words(
            "zh",
            r"语言模型|文本模型|没有(?:生成|制作)(?:视频|图像|图片)的能力|不具备"
            r"|只能(?:提供|生成|处理)文[本字]|无法直接",
            "chat models under a video model's name",
        ),
        Words(
            "ja, ko, ru, de, fr, es, pt",
            r"言语モデル|언어 모델|языков\w* модел\w*|\bsprachmodell"
            r"|\bmodele (?:de langage|linguistique)|\bmodelo de (?:lenguaje|linguagem)",
            "the same sentences, translated",
        ),
    ),
}
