"""What reviews look at and look for: content, themes, real people, what is improper, that it shows."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

CONTENT: Vocabulary = {
    # What can be refused by a review; a request, a key or a parameter is refused by something else.
    "content": (
        Words(
            "en",
            r"\bcontent\b|\bprompts?\b|\bimages?\b|\bimg\b|\bpictures?\b|\bphotos?\b|\bvideos?\b"
            r"|\boutputs?\b|\binputs?\b|\baudio\b|\buploads?\b|\bmaterial\b|\bmedia\b|\bgeneration\b"
            r"|\bwords?\b|\btext\b|\bframes?\b|\bresult\b",
            "OpenAI, fal, Google",
        ),
        Words(
            "zh",
            r"内容|提示词|提示语|提示|图片|图像|照片|视频|输入|输出|文本|素材|参考图|作品|描述|首帧"
            r"|尾帧|音频|画面|文案|生成结果",
            "laozhang, Wan, Volcengine",
        ),
        Words(
            "ja, ko",
            r"コンテンツ|内容|プロンプト|画像|写真|动画|入力|出力|文章|テキスト|映像|콘텐츠|내용"
            r"|프롬프트|이미지|사진|영상|동영상|비디오|입력|출력|텍스트",
            "the same sentences, translated",
        ),
        Words(
            "ru",
            r"\bконтент\w*|\bсодержан\w*|\bсодержим\w*|\bпромпт\w*|\bзапрос\w*|\bизображен\w*"
            r"|\bкартинк\w*|\bфото\w*|\bвидео\w*|\bтекст\w*|\bописани\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt, de, fr",
            r"\bcontenid\w*|\bconteud\w*|\binhalt\w*|\bcontenus?\b|\bprompts?\b"
            r"|\bimag(?:en|enes|em|ens)\b|\bbild(?:er|es)?\b|\bfotos?\b|\bvideos?\b|\btext[oe]?s?\b"
            r"|\bdescrip\w*|\bdescric\w*|\bbeschreibung\w*|\beingabe\w*|\bausgabe\w*|\bentrada\w*"
            r"|\bsalida\w*|\bsaida\w*|\bmessage d'invite|\binvite\b",
            "the same sentences, translated",
        ),
        Words(
            "pl, nl, hi, th",
            r"\btresc\w*|\bobraz\w*|\bzdjeci\w*|\b\w*inhoud\w*|\bafbeelding\w*|सामग्री|छवि|वीडियो|เนื้อหา"
            r"|รูปภาพ|วิดีโอ",
            "the same sentences, translated",
        ),
        Words(
            "it, tr, vi, id, ar",
            r"\bcontenut\w*|\bimmagin\w*|\bicerik\w*|\bgorsel\w*|\bgoruntu\w*|\bnoi dung|\bhinh anh"
            r"|\bkonten\b|\bgambar\b|المحتوى|محتوى|الصورة|الفيديو|النص",
            "the same sentences, translated",
        ),
    ),
    # What reviews look for.
    "theme": (
        Words(
            "en",
            r"\bsexual\w*|\bnud(?:e|ity)\b|\berotic\w*|\bporn\w*|\bracy\b|\bgore\b|\bviolence\b"
            r"|\bviolent\b|\bgraphic (?:content|violence)|\bhate(?:ful)?\b|\bharass\w*|\bself harm\b"
            r"|\bsuicid\w*|\bterroris\w*|\bextremis\w*|\bminors?\b|\bchild(?:ren)?\b|\bunderage\b|\bunder (?:18"
            r"|eighteen)\b"
            r"|\bcelebrit\w*|\bpublic figures?\b|\bprominent people\b|\blikeness\w*|\bcopyright\w*"
            r"|\btrademark\w*|\bthird part(?:y|ies)(?:'s)? (?:content|likeness|material|ip|rights)"
            r"|\bintellectual property\b|\bdeepfake\w*|\bimpersonat\w*|\bsuggestive\b|\bweapons?\b"
            r"|\bpolitical (?:content|figure)\w*",
            "OpenAI, fal, Google",
        ),
        Words(
            "zh",
            r"色情|裸露|裸体|暴力|血腥|政治|涉黄|涉政|恐怖|仇恨|自残|自杀|未成年|儿童|名人|明星"
            r"|公众人物|版权|侵权|肖像权|知识产权|第三方(?:内容|版权|的?肖像)|与第三方内容|违法|低俗"
            r"|毒品|赌博|领导人",
            "OpenAI in Chinese, Qianfan, Volcengine",
        ),
        Words(
            "ja",
            r"性的|ヌード|暴力|残虐|未成年|儿童|有名人|著名人|著作权|肖像权|自伤|自杀|わいせつ|露骨|ヘイト|流血|裸",
            "Sora in Japanese",
        ),
        Words(
            "ko",
            r"성적|선정|음란|노출|폭력|잔인|미성년|아동|유명인|저작권|초상권|자해|자살|혐오|나체",
            "Sora in Korean",
        ),
        Words(
            "ru",
            r"\bсексуальн\w*|\bобнажен\w*|\bнасили\w*|\bпорно\w*|\bнесовершеннолетн\w*"
            r"|\bдет(?:и|ей|ск\w+)\b|\bребенк\w*|\bзнаменит\w*|\bавторск\w*|\bжесток\w*|\bсамоповрежд\w*"
            r"|\bсуицид\w*|\bсамоуби\w*|\bненавист\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\bsexua\w*|\bdesnud\w*|\bnudez\b|\bviolencia\b|\bviolent[oa]s?\b|\bmenor(?:es)?\b"
            r"|\bninos\b|\bcriancas\b|\bfamos[oa]s\b|\bcelebridad\w*|\bderechos de autor"
            r"|\bdireitos autorais|\bautolesi\w*|\bautomutil\w*|\bsuicid\w*|\bodio\b|\bpornogr\w*|\berotic\w*",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\bsexuell\w*|\bnackt\w*|\bgewalt\w*|\bminderjahrig\w*|\bkinder\w*|\bprominente\w*"
            r"|\burheberrecht\w*|\bselbstverletz\w*|\bsuizid\w*|\bhass\w*|\bpornogra\w*|\berotisch\w*",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\bsexuel\w*|\bnudite\b|\bviolence\b|\bviolent\w*|\bmineure?s?\b|\benfants?\b"
            r"|\bcelebrites?\b|\bdroits? d'auteur|\bautomutil\w*|\bsuicid\w*|\bhaine\w*|\bpornogra\w*",
            "the same sentences, translated",
        ),
    ),
    # A real human being.
    "person": (
        Words(
            "en",
            r"\bfaces?\b|\bphoto ?realistic\b"
            r"|\b(?:realistic|real|actual|living|identifiable|recognizable) (?:life )?(?:human|person"
            r"|people|individual|face|child|children)s?\b|\bhumans?\b"
            r"|(?<!prominent )(?<!famous )\bpeople\b(?! pleas)|\bpersons?\b|\breal life\b",
            "OpenAI, sora2api",
        ),
        Words("zh", r"真人|人脸|人像|肖像|真实人物|真实的人|面部|人物面", "laozhang, Volcengine"),
        Words("ja", r"人物|颜|实在|实写の人|本人", "Sora in Japanese"),
        Words("ko", r"실존 인물|실제 인물|인물|얼굴|실사|실제 사람|사람", "Sora in Korean"),
        Words(
            "ru",
            r"\bлюд(?:и|ей|ьми|ям)\b|\bчеловек\w*|\bлиц(?:о|а|ом|е)\b"
            r"|\bреальн\w* (?:люд|человек|лиц)\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\bpersonas?\b|\bpessoas?\b|\brostros?\b|\bcaras?\b|\bhuman[oa]s?\b|\bfotorrealis\w*",
            "the same sentences, translated",
        ),
        Words("de", r"\bperson(?:en)?\b|\bgesicht\w*|\bmensch\w*|\bfotorealis\w*", "the same sentences, translated"),
        Words("fr", r"\bpersonnes?\b|\bvisages?\b|\bhumain\w*|\bphotorealis\w*", "the same sentences, translated"),
    ),
    # What a review calls that which it lets not pass.
    "improper": (
        Words(
            "en",
            r"\bunsafe\b(?! (?:url|uri|scheme|path|link|redirect|method|header))|\binappropriate\b"
            r"|(?<!case )\bsensitive\b|\bharmful\b|\bobjectionable\b"
            r"|\boffensive\b|\bnsfw\b|\bdisturbing\b"
            r"|\billegal (?:content|material|information|text|image)|\badult (?:content|material)"
            r"|\bnot safe\b|\bindecent\b|\bexplicit (?:material|content|imagery|scenes?)|\bsensitive (?:content|words?"
            r"|information)|\bprohibited content"
            r"|\bimproper\b",
            "Volcengine, Wan, MiniMax, Replicate",
        ),
        Words(
            "zh",
            r"敏感(?!度)|不当|不良|不适宜|不适合|违法|低俗|不雅|有害|不安全|涉黄|涉政|涉暴|涉恐|违规",
            "MiniMax, Qianfan, Zhipu",
        ),
        Words("ja", r"不适切|有害|不适当|センシティブ|成人向け|公序良俗", "the same sentences, translated"),
        Words("ko", r"부적절|유해|민감한|선정적|불건전|청소년", "the same sentences, translated"),
        Words(
            "ru",
            r"\bнеприемлем\w*|\bнеприлич\w*|\bнеуместн\w*|\bнебезопасн\w* (?:контент|содерж)"
            r"|\bвредн\w*|\bчувствительн\w* (?:контент|содерж|информац|данн)|\bоткровенн\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt",
            r"\binapropiad\w*|\binadecuad\w*|\binapropriad\w*|\binadequad\w*|\bimpropri\w*"
            r"|\bofensiv\w*|\bnociv\w*|\bcontenido sensible|\bconteudo sensivel|\bexplicit[oa]s?\b"
            r"|\bindebid\w*",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\bunangemessen\w*|\bunangebracht\w*|\banstossig\w*|\bschadlich\w*"
            r"|\bsensible\w* inhalt\w*|\bunpassend\w*|\bjugendgefahrdend\w*",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\binappropri\w*|\boffensant\w*|\bnuisible\w*|\bcontenus? sensibles?|\bexplicites?\b"
            r"|\bchoquant\w*",
            "the same sentences, translated",
        ),
    ),
    "shows": (
        Words(
            "en",
            r"\bdepict\w*|\bcontain(?:s|ed|ing)?\b|\bdetect(?:ed|s)\b|\binclud(?:es?|ing)\b|\bshows\b"
            r"|\bappears? to (?:contain|include|show|depict)|\bwas found\b|\brecognized\b"
            r"|\brelated to\b|\binvolv\w+",
            "OpenAI, sora2api, Volcengine",
        ),
        Words("zh", r"检测(?:到|出)|包含|含有|涉及|涉|出现|存在|疑似|识别(?:到|出)|带有|发现", "laozhang, Qianfan"),
        Words("ja", r"含まれ|含む|检出|写って|映って|确认され|认识され", "Sora in Japanese"),
        Words("ko", r"포함|감지|검출|인식되|나타나", "Sora in Korean"),
        Words(
            "ru", r"\bсодерж\w*|\bобнаруж\w*|\bизображ(?:ен|ает|ают)\w*|\bраспозна\w*", "the same sentences, translated"
        ),
        Words(
            "es, pt",
            r"\bcontien\w*|\bcontener\b|\bcontem\b|\bconter\b|\bdetect\w*|\bincluy\w*|\binclui\b"
            r"|\bmuestra\b|\bmostra\b|\baparec\w*",
            "the same sentences, translated",
        ),
        Words(
            "de",
            r"\benthalt\w*|\benthalten\b|\berkannt\b|\bzeigt\b|\bentdeckt\b|\bgefunden\b"
            r"|\babgebildet\b",
            "the same sentences, translated",
        ),
        Words(
            "fr",
            r"\bcontien\w*|\bcontenir\b|\bdetect\w*|\bmontre\b|\bincluan?t?\b|\binclut\b"
            r"|\brepresente\b",
            "the same sentences, translated",
        ),
    ),
}
