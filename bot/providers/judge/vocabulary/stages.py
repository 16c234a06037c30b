"""The vocabulary of stages: what a review looked at."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

# Said of making, these name the work and not what was checked: "unable to generate the video", "image to video".
ASIDE = (
    r"\b(?:generat|creat|mak|produc|process|animat)(?:e|es|ing) (?:\d+ |an? |the |this |that "
    r"|your |any |these |such )*(?:images?|videos?|pictures?|content|outputs?)\b"
    r"|\b(?:image|text|video) (?:to|2) (?:video|image)\b"
    r"|\b(?:image|video) generation\b(?: user error)?|\bvideo provider\b"
    r"|(?:生成|创建|制作|产生)(?:该|此|这个?|您的|你的)?(?:视频|图片|图像)(?!未|不|违|包|含|涉|审|内容|被|疑|存)|视频生成(?!内容|结果|物)|图生视频|文生视频"
    r"|動画[のをはが](?:お作り|(?:生成|作成|制作)(?!さ))|画像から|영상(?:을| 생성| 제작|[은이] (?:만들|생성할|제작할))"
    r"|동영상(?:을| 생성)|\bсозда\w+ (?:это )?(?:видео|изображени\w*)|\bгенерац\w+ видео"
    r"|\bсгенерировать (?:это )?видео"
    r"|\b(?:generar|crear|gerar|criar) (?:el |este |o |esse |un |um )?(?:video|imagen|imagem)"
    r"|\bgeneracion de(?:l)? video|\bgeracao d[eo] video"
    r"|\b(?:dieses |das |ein )?video\b[^.]{0,12}\b(?:erstellen|generieren|erzeugen)"
    r"|\bvideogenerierung|\b(?:generer|creer) (?:cette |la |une )?video"
    r"|\bgeneration de (?:la )?video"
)

STAGES: Vocabulary = {
    "picture": (
        Words(
            "en",
            r"\bimages?\b|\bimg\b|\bpictures?\b|\bphotos?\b|\buploads?\b|\buploaded\b|\bin the frame\b"
            r"|\b(?:first|last|start|end|key|reference|input) ?frames?\b"
            r"|\breference (?:image|photo|picture|material)s?\b|\binput image\b|\bavatar\b|\bselfie\b",
            "OpenAI, Volcengine, Runway",
        ),
        Words(
            "zh",
            r"图片|图像|照片|参考图|上传|首帧|尾帧|垫图|原图|输入图|素材|底图|图中|人像图",
            "laozhang, Volcengine",
        ),
        Words("ja, ko", r"画像|写真|アップロード|イメージ|이미지|사진|업로드|그림", "the same sentences, translated"),
        Words(
            "ru", r"\bизображен\w*|\bкартинк\w*|\bфото\w*|\bзагруженн\w*|\bснимк\w*", "the same sentences, translated"
        ),
        Words(
            "es, pt, de, fr",
            r"\bimag(?:en|enes|em|ens)\b|\bfotos?\b|\bfotografia\w*|\bsubid[oa]\b|\bcargad[oa]\b"
            r"|\benviad[oa]\b|\bbild(?:er|es|s)?\b|\b\w+bild(?:er|es)?\b|\bhochgeladen\w*"
            r"|\bfotografie\w*|\btelevers\w*|\bphotographie\w*|\bimporte[es]*\b",
            "the same sentences, translated",
        ),
        Words(
            "pl, nl, hi, th",
            r"\bobraz\w*|\bzdjeci\w*|\bafbeelding\w*|\bfoto\b|छवि|चित्र|รูปภาพ|ภาพ",
            "the same sentences, translated",
        ),
        Words(
            "it, tr, vi, id, ar",
            r"\bimmagin\w*|\bgorsel\w*|\bgoruntu\w*|\bhinh anh|\bgambar\b|الصورة|صورة",
            "the same sentences, translated",
        ),
    ),
    "prompt": (
        Words(
            "en",
            r"\bprompts?\b|\btext\b|\bdescriptions?\b|\bwords?\b|\binstructions?\b|\bcaption\b"
            r"|\bnegative prompt\b|\bname\b",
            "OpenAI, Volcengine, Google",
        ),
        Words(
            "zh",
            r"提示词|提示语|提示(?!(?:音|框))|文本|文字|描述|文案|关键词|敏感词|词语|咒语|指令",
            "new-api, Wan, OpenAI in Chinese",
        ),
        Words(
            "ja, ko",
            r"プロンプト|テキスト|文章|指示文|记述|入力文|프롬프트|텍스트|문구|설명|명령어|입력어",
            "the same sentences, translated",
        ),
        Words(
            "ru",
            r"\bпромпт\w*|\bпромт\w*|\bтекст\w*|\bописани\w*|\bзапрос\w*|\bподсказк\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt, de, fr",
            r"\btextos?\b|\bdescripcion\w*|\bdescricao\b|\bindicacion\w*|\binstruccion\w*"
            r"|\binstruc(?:ao|oes)\b|\btexte\b|\beingabeaufforderung\w*|\bbeschreibung\w*|\binvite\b"
            r"|\btexteingabe\w*|\bconsigna\b|\bcomando\b",
            "the same sentences, translated",
        ),
        Words(
            "pl, nl, hi, th",
            r"\bopis\w*|\btekst\w*|\bbeschrijving\w*|\bopdracht\b|प्रॉम्प्ट|पाठ|พรอมต์|ข้อความ",
            "the same sentences, translated",
        ),
        Words(
            "it, tr, vi, id, ar",
            r"\bistruzion\w*|\bmetin\b|\bistem\b|\bcau lenh|\bmo ta\b|\bperintah\b|النص|الوصف|المطالبة",
            "the same sentences, translated",
        ),
    ),
    "result": (
        Words(
            "en",
            r"\boutputs?\b|\baudio\b|\bsoundtrack\b"
            r"|\b(?:generated|resulting|finished|final|created|rendered|produced) (?:video|content"
            r"|result|clip|image|audio|media|frames?|output)s?\b"
            r"|\b(?:video|clip|content|result) (?:that )?(?:we|it|was|has been) (?:created|generated"
            r"|produced|made)\b|\bpost (?:image|img|video|text|generation)\b|\bcreations?\b"
            r"|(?<!\bthis )\bvideos? (?:was|were|is|has been|have been|did|does|may|might|contains?"
            r"|violat\w*|reject\w*|block\w*|flag\w*|fail\w* (?:moderation|review|safety)|unsafe"
            r"|moderat\w*|filtered|content)\b|\bthe results?\b"
            r"|\bgenerated \w+ (?:was|were|may|contains?)\b",
            "OpenAI, Volcengine, xAI, Vidu, BFL",
        ),
        Words(
            "zh",
            r"生成(?:出)?的(?:视频|内容|结果|画面|音频)|视频已生成|生成结果|生成内容(?!失败)"
            r"|(?:生成|输出)视频(?=未|不|违|包|含|涉|审|内容|被|疑|存)"
            r"|视频(?:审核|内容|违规|涉|包含|含有|结果|疑似|未通过|不符合|画面|被)|成片|输出|音频|产物"
            r"|生成物|成品|作品",
            "laozhang, Qianfan, MiniMax",
        ),
        Words(
            "ja, ko",
            r"生成された|生成した|生成结果|生成物|出力|完成した|动画(?:が|は)|动画コンテンツ|音声"
            r"|生成后|생성된|생성한|결과물|결과가|출력|완성된|영상이|영상은|동영상이|비디오가|오디오",
            "the same sentences, translated",
        ),
        Words(
            "ru",
            r"\bсгенерированн\w*|\bсозданн\w*|\bготов\w+ (?:видео|ролик)\w*|\bрезультат\w*"
            r"|\bполученн\w*|\bзвук\w*|\bаудио\b|\bвидео (?:наруш|отклон|не прош|содерж|заблок)\w*"
            r"|\bвыход\w*",
            "the same sentences, translated",
        ),
        Words(
            "es, pt, de, fr",
            r"\b(?:video|contenido|resultado|conteudo|clip) (?:fue |foi )?(?:generad|gerad|cread|criad"
            r"|producid|produzid)\w*|\bsalida\b|\bsaida\b|\bresultado\b|\baudio\b"
            r"|\b(?:generiert|erzeugt|erstellt|fertig)e[ns]?\b|\bausgabe\w*|\bergebnis\w*|\btonspur\b"
            r"|\b(?:video|contenu) (?:genere|cree|produit)\w*|\bresultat\b|\bsortie\b"
            r"|\b(?:el|o|das|la) video (?:viola|infring\w*|fue|foi|wurde|verstoss\w*|contiene|contem"
            r"|enthalt|rechaz\w*|a ete|enfreint)",
            "the same sentences, translated",
        ),
    ),
    "input": (
        Words(
            "all",
            r"\binputs?\b|\binput data\b|输入|入力|입력|\bввод\w*|\bвходн\w*|\bentradas?\b"
            r"|\beingaben?\b|\bentrees?\b|送信|提交",
            "MiniMax, Wan, OpenAI",
        ),
    ),
    # The sentence leaves it open by itself.
    "either": (
        Words(
            "en",
            r"\b(?:inputs?|prompts?|images?|text|pictures?|photos?|uploads?|outputs?|videos?"
            r"|audio)(?: \w+)? ?(?:or|and/or|/|and or) ?(?:the |your |an? )?(?:\w+ )?(?:inputs?"
            r"|outputs?|images?|prompts?|text|pictures?|photos?|videos?|references?|generated\w*)\b",
            "Replicate, Wan, Zhipu",
        ),
        Words(
            "zh",
            r"(?:输入|提示词|文本|文字|图片|图像|参考图|素材|描述|视频|音频)(?:内容|数据)?(?:或者?|及"
            r"|和|/|、|与)(?:输出|生成|图片|图像|提示词|文本|描述|视频|参考图|音频|文字)",
            "Zhipu, Wan",
        ),
        Words(
            "other",
            r"(?:入力|プロンプト|画像|テキスト)(?:または|か|もしくは|や|・)(?:生成|出力|画像"
            r"|プロンプト|テキスト)|(?:입력|프롬프트|이미지|텍스트)(?:이나| 또는|나|과|와)"
            r"|\b(?:ввод\w*|промпт\w*|запрос\w*|изображен\w*|текст\w*) или \w+"
            r"|\b(?:prompt|imagen|imagem|texto|entrada|bild|eingabe|texte|image|entree)\b (?:o|ou|oder"
            r"|u|e/ou|y/o) (?:\w+ )?(?:salida|saida|prompt|imagen|imagem|texto|bild|ausgabe|sortie"
            r"|image|texte)\b",
            "the same sentences, translated",
        ),
    ),
    # Words within the picture belong to the picture.
    "written_in_picture": (
        Words(
            "all",
            r"\b(?:text|words?|writing) (?:with)?in (?:the|your|this) (?:\w+ )?(?:image|picture|photo)"
            r"|(?:图片|图像|照片|参考图|图)(?:中|里|内)的?(?:文字|文本|内容)",
            "OCR reviews of Chinese clouds",
        ),
    ),
}
