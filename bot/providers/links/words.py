"""What labels, files and pages say of a link, as data: the words in each language, and where they were met."""

from __future__ import annotations

import re

_I = re.IGNORECASE

VIDEO_FILE = re.compile(r"\.(?:mp4|mov|webm|m4v|mkv)$", _I)
# volcengine's and others' links name the kind in their query (jimeng-free-api: mime_type=video_mp4).
VIDEO_QUERY = re.compile(
    r"[?&](?:mime_?type|content_?type|response-content-type|type|format|ext)=(?:video(?:_|/"
    r"|%2f)?|mp4\b)",
    _I,
)
OTHER_FILE = re.compile(
    r"\.(?:webp|png|jpe?g|gif|avif|bmp|svg|heic|ico|tiff?|json|txt|html?|md|pdf|csv|xml|yaml"
    r"|mp3|wav|m4a|aac|ogg|oga|flac|opus|wma|srt|vtt|ass|lrc|zip|rar|7z|tar|gz|tgz|m3u8|mpd|ts"
    r"|css|js|safetensors|ckpt)$",
    _I,
)

# A label that promises the video (laozhang, yunwu, jimeng-free-api, grok2api, wenwen and their translations).
LABEL_VIDEO = re.compile(
    r"click (?:here|me|to)|\bplay\b|\bwatch\b|\bview\b|\bdownload\w*|\bvideo\b|\bclip\b"
    r"|\bmovie\b|\bresult\b|\boutput\b|\bmp4\b|\bopen\b|\bhere\b|\bready\b|\bdone\b"
    r""
    r"|\burl\b|\blink\b|water ?mark|水印|\bcompleted?\b|\bgenerated\b|\bpreview\b|\bhd\b|\b\d{3,4}p\b|▶|⏬|🎬|📥|🎥"
    r"|🎞|📹"
    r"|此处|这里|点击(?:这里|此处|查看|下载|播放|观看|我|预览)?|點擊|播放|观看|觀看|下载|下載|视频|視頻|影片|成片|结果|查看|地址|链接|連結|直链"
    r"|動画|ダウンロード|再生|視聴|こちら|結果|クリック|リンク"
    r"|영상|동영상|비디오|다운로드|재생|보기|여기|결과|클릭|링크"
    r"|видео|скача|смотреть|посмотреть|воспроизв|открыть|ссылк|здесь|результат"
    r"|descarg|reproduc|vídeo|ver (?:el|o)|aquí|aqui|baixar|assist|enlace|resultado|assistir|clique"
    r"|herunterlad|abspielen|ansehen|anschauen|hier\b|ergebnis|télécharg|telecharg|regarder"
    r"|lire la|vidéo|ici\b|lien|voir"
    r"|scarica|guarda|izle|indir|tải|xem|unduh|tonton|تحميل|شاهد|فيديو|تنزيل|رابط",
    _I,
)
# Of a picture only such a label says that it is the video.
IMAGE_IS_VIDEO = re.compile(
    r"\bvideo|\bclip\b|\bmovie\b|\bmp4\b|▶|🎬|🎥|视频|視頻|影片|動画|영상|비디오|видео|vídeo|vidéo|فيديو", _I
)
# A path from the root that holds a file, for services that leave their own address out.
FILE_PATH = re.compile(
    r"/(?:files?|video|videos|media|tmp|static|content|download|uploads?|assets?|outputs?"
    r"|results?|cdn|v\d)\b",
    _I,
)
# A label that says that something else is there.
LABEL_ASIDE = re.compile(
    r"\bthumbnail\b|\bcover\b|\bposter (?:image|url)|\bposter:|\bfirst frame\b|\blast frame\b"
    r"|\bimage\b(?! to)|\bpicture\b|\bphoto\b|\bscreenshot\b|\bgif\b|\baudio\b"
    r"|\bsound ?track\b|\bmusic\b|\bvoice\b|\bsubtitles?\b|\bcaptions?\b|\btranscript\b"
    r"|\barchive\b|\bzip\b|raw data|\bsource (?:code|image|data|file)|\bdata preview|\btask\b"
    r"|\bjob\b|\bprogress\b|\bdashboard\b|\bconsole\b|\bstatus\b|\blogs?\b|\bhistory\b|\bdetails?\b"
    r"|\bmetadata\b|\bprofile\b|\bauthor\b|\bcreator\b|\bhelp\b|\bsupport\b|\bdocs?\b"
    r"|\bdocumentation\b|\bpolicy\b|\bpolicies\b|\bterms\b|\bguidelines?\b|\bfaq\b|\bprivacy\b"
    r"|\bpricing\b|\bbilling\b|\bupgrade\b|\btop up\b|\brecharge\b|\bdiscord\b|\btelegram\b"
    r"|\bgithub\b|\bfeedback\b|\breport\b|\bcontact\b|\bcommunity\b|\btutorial\b|\bguide\b"
    r"|\blearn more\b|\bread more\b|\bhomepage\b|\bwebsite\b|\binput\b|\breference\b"
    r"|\buploaded\b|\boriginal (?:image|picture|photo)|\bprompt\b|\bsign (?:in|up)\b"
    r"|\blog ?in\b|\binvite\b|\bads?\b|\bsponsor\b"
    r"|预览图|缩略图|封面|首帧|尾帧|图片|图像|照片|截图|音频|音乐|配音|字幕|压缩包|打包"
    r"|原始数据|数据预览|数据|任务|进度|详情|控制台|状态|日志|历史|作者|主页|个人|用户|帮助|客服"
    r"|支持|文档|政策|条款|规范|协议|隐私|价格|充值|升级|教程|指南|官网|反馈|举报|社区|加群"
    r"|群聊|交流群|关注|公众号|广告|参考图|原图|提示词|登录|注册|模板"
    r"|サムネイル|画像|カバー|音声|字幕|タスク|ヘルプ|規約|ポリシー|利用規約|プロフィール|作者|썸네일|이미지|커버|오디오|자막|작업|도움말|약관|정책|프로필"
    r"|превью|обложк|изображени|картинк|аудио|звук|субтитр|задач|справк|помощь|правила|профил"
    r"|поддержк|miniatura|imagen|imagem|portada|capa\b|subtítul|legenda|tarea|tarefa|ayuda"
    r"|ajuda|política|soporte|suporte|perfil|términos|termos"
    r"|vorschaubild|titelbild|\bbild\b|untertitel|aufgabe|hilfe|richtlinie|profil|miniature"
    r"|couverture|sous-titre|tâche|aide\b|politique|conditions|profil",
    _I,
)
# A label that says whose video it is: the one that was given with the request.
LABEL_GIVEN = re.compile(
    r"(?:输入|参考|上传的?|源)(?:视频|素材|片段)|\b(?:input|reference|source|uploaded) (?:video|clip|footage)"
    r"|参照動画|입력 영상|исходное видео",
    _I,
)
# Such a video there is, and a better one most likely too.
LABEL_LESSER = re.compile(
    r"\bpreview\b|预览|預覽|プレビュー|미리보기|предпросмотр|vorschau|aperçu|vista previa"
    r"|prévia|\blow[- ]res|低清|流畅|备用|backup|mirror|标清",
    _I,
)
# Words before a link that send people to a place where they may look for the video themselves.
VISIT = re.compile(
    r"\bvisit\b|\bgo to\b|\bhead to\b|\bsign in\b|\blog ?in\b|\bsee also\b|\bfor more\b"
    r"|\blearn\b|\bread\b|\bcontact\b|\bpowered by\b|\bavailable (?:on|at) our\b|\bif you\b"
    r"|\bplease (?:check|see|refer)\b|\bvia our\b|\bterms\b"
    r"|访问|前往|登录|官网|更多|请到|去往|详见|参见|参考|了解|联系|加入|提供商|由.{1,20}提供"
    r"|充值|購買|购买|アクセスして|詳しくは|방문|자세한|посетите|перейдите|подробнее|visite"
    r"|consulte|besuchen|weitere|visitez|consultez|en savoir",
    _I,
)
# Pages that are no video, by their address.
PAGE_ASIDE = re.compile(
    r"//(?:[^/]+\.)?asyncdata\.net/(?:web|source)(?:/|$)"  # yunwu and its kind: pages of the task
    r"|//(?:www\.)?(?:discord\.gg|discord\.com/invite|t\.me|github\.com|twitter\.com|x\.com"
    r"|weibo\.com|qm\.qq\.com|docs\.[^/]+|help\.[^/]+|support\.[^/]+|status\.[^/]+"
    r"|platform\.openai\.com|openai\.com/polic)"
    r"|/(?:help|support|docs?|documentation|polic(?:y|ies)|usage-policies|terms|tos(?=[?#]|$)|privacy"
    r"|faq|legal|guidelines?|pricing|billing|recharge|topup|top-up|upgrade|settings|login"
    r"|signin|signup|register|contact|about|dashboard|console|tasks?/?(?=[^/]*$)"
    r"|jobs?/?(?=[^/]*$)|status|logs?|profile|users?/[^/]*$|u/[^/]*$|community|feedback"
    r"|errors?)(?:[/?#]|$)"
    r"|//sora\.chatgpt\.com/(?:p|profile|explore)(?:/|$)",
    _I,
)
MARKED = re.compile(
    r"watermark(?:ed)?|有水印|带水印|含水印|透かし(?:あり|入り|付き)|워터마크|водян"
    r"|marca de agua|marca d|wasserzeichen|filigrane|原始水印",
    _I,
)
UNMARKED = re.compile(
    r"\b(?:no|without|free of|un|non|remove[ds]?)[- _]?(?:the |a )?water ?mark"
    r"|watermark[- _]?(?:free|removed|less)|\bclean\b|无水印|無水印|去水印|透かし(?:なし|無し)"
    r"|워터마크 ?(?:없|제거)|без водян|sin marca|sem marca|ohne wasserzeichen|sans filigrane",
    _I,
)
# A name may stand between letters of another script and underscores, which \b takes for one word.
_FROM, _TO = r"(?<![a-z0-9])(?:", r")(?![a-z0-9])"
SIZES = (
    (re.compile(_FROM + r"4k|2160p?|uhd" + _TO + "|超清4k", _I), 9),
    (re.compile(_FROM + r"2k|1440p?" + _TO, _I), 8),
    (re.compile(_FROM + r"1080p?|full[ -]?hd|fhd" + _TO + "|超清|蓝光|超高清", _I), 7),
    (
        re.compile(
            _FROM + r"720p?|hd|high[- ](?:quality|res(?:olution)?|definition)" + _TO + "|高清|高画质|高画質|고화질", _I
        ),
        6,
    ),
    (re.compile(_FROM + r"540p?|480p?|sd" + _TO, _I), 3),
    (re.compile(_FROM + r"360p?|240p?" + _TO, _I), 2),
)
