"""What other errors speak of: parameters, other objects, the service's own faults."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

OTHER_ERRORS: Vocabulary = {
    # Objects of other errors than a review's: the data policy of an account, a constraint of a database.
    "other_object": (
        Words(
            "en",
            r"\bconstraint\b|\bduplicate key|\bsqlstate\b|\bforeign key|\bcase sensitive"
            r"|\bdata policy\b|\bdata collection\b|\bretention\b|\bprivacy settings?\b"
            r"|\bfair us(?:e|age)\b"
            r"|\bthird party (?:service|api|provider|server|error|upstream|integration|tool)"
            r"|\borg(?:anization)? policy"
            r"|\b(?:cors|bucket|iam|network|security|retry|referrer|cancellation|refund|rate|routing"
            r"|access|resource|guest|cache|load|account|password|redirect|timeout) policy\b"
            r"|\bendpoints?\b|\bschema\b|\bssl\b|\bcertificate\b|\bhandshake\b|\bcross origin"
            r"|\bip (?:address|range|list|whitelist)|\bregion\b|\bcountry\b|\bterritory\b"
            r"|\blicen[cs]e (?:key|agreement)|\bsubscription\b|\bplan\b|\btier\b|\bprotocol violation"
            r"|\baccess violation|\bmemory violation|\bsegmentation|\bassertion\b|\bnull pointer"
            r"|\bpod\b|\bcontent security policy|\bcors\b|\bhot ?link\w*|\bfirewall\b|\bheaders?\b|\bcookies?\b"
            r"|\bscopes?\b|\bworkspace\b"
            r"|\baccount\b|\bframe ?rate\b|\bthread\b"
            r"|\bdeadlock\b|\block\b|\bquery\b|\bkey value",
            "OpenRouter, PostgreSQL, Google Cloud, Zhipu",
        ),
        Words(
            "zh",
            r"大小写敏感|区分大小写|账号|账户|帐号|帐户|实名|地区|区域|国家|接口|唯一约束|约束|主键"
            r"|数据库|第三方(?:服务|接口|平台|api)|数据(?:政策|保留)|隐私设置|白名单|黑名单|套餐|订阅"
            r"|域名|协议版本|跨域|大小写|证书",
            "new-api, Chinese clouds",
        ),
        Words(
            "other",
            r"大文字と?小文字|アカウント|制约|エンドポイント|第三者サービス|地域|대소문자|계정|제약"
            r"|엔드포인트|지역|\bограничени\w* уникальност\w*|\bаккаунт\w*|\bучетн\w*|\bрегион\w*"
            r"|\bрегистр\w*|\bcuenta\b|\bconta\b|\brestriccion\b|\brestricao\b|\bregion\b|\bregiao\b"
            r"|\bkonto\b|\bgross kleinschreibung|\bgross und kleinschreibung|\bcompte\b|\bcontrainte\b"
            r"|\bpolitica de (?:datos|dados|retencion|retencao|privacidad\w*)|\bdatenrichtlinie\w*"
            r"|\bpolitique de (?:donnees|conservation)|\bservicio de terceros|\bservico de terceiros"
            r"|\bdrittanbieter\w*|\bservice tiers|\bsensible a(?:l| la| mayus)\w*"
            r"|\bsensible a la casse|\bdatenschutzricht\w*",
            "the same sentences, translated",
        ),
    ),
    # A value, a size, a format: what the request was made of, and not what it shows.
    "parameter": (
        Words(
            "en",
            r"\bparam(?:eter)?s?\b|\bfields?\b|\barguments?\b|\boptions?\b|\bpropert(?:y|ies)\b"
            r"|\battributes?\b|\bsettings?\b"
            r"|\binvalid (?:value|type|format|input|request|json|url|image|size|duration|aspect"
            r"|resolution|data|base64|param\w*)\b"
            r"|\bunsupported (?:value|format|file|media|image|size|duration|aspect|resolution|mime"
            r"|content type|input)\b|\b(?:is|are|was) required\b|\bmissing\b"
            r"|\bmust (?:be|have|not|contain)\b|\bexpected\b|\bextra inputs?\b"
            r"|\bcannot be (?:empty|null|blank|used|combined)\b|\bempty\b"
            r"|\btoo (?:long|short|large|small|big|high|low)\b|\bexceeds?\b|\bmaximum\b|\bminimum\b"
            r"|\blength\b|\bcharacters?\b|\bformat\b|\bresolution\b|\bdimensions?\b|\bpixels?\b"
            r"|\baspect ratio|\bratio\b|\bfile (?:size|type|extension)|\bmegabytes?\b|\b\d+ ?[mk]i?b\b"
            r"|\bmime\b|\bbase ?64\b|\bdecod\w*|\bcorrupt\w*|\bcontent (?:type|length|encoding)\b"
            r"|\bjson\b|\bpayload\b|\brequest body\b|\bduration\b|\bseconds\b|\bfps\b|\bdownload\w*"
            r"|\baccessible\b|\breachable\b|\bfetch\w*|\burl\b|\bhttps?\b|\bwith this model"
            r"|\bfor this model|\bby this model|\bin combination|\bwhen (?:using|combined)"
            r"|\bin this mode|\bunable to process request|\bnull\b|\btype error|\bvalue error"
            r"|\bquality too|\bblurry\b|\btokens\b|\bvalidat\w+|\bmutual\w*|\bnumber of\b|\bat (?:most|least)\b"
            r"|\bonly \w+ (?:is|are) (?:supported|allowed)|\bonly (?:one|1|two|2|\d+)\b|\bcount\b",
            "FastAPI, OpenAI, LiteLLM, Volcengine",
        ),
        Words(
            "zh",
            r"参数|字段|格式|尺寸|大小|分辨率|宽高|比例|像素|时长|帧率|长度|字符|字数|过长|过短|过大"
            r"|过小|太长|太大|太小|超长|为空|不能为空|必填|缺少|缺失|下载|编码|解码|损坏|取值|类型错误"
            r"|必须(?:为|是)|模式下|该模型|此模型|最多|最少|不得超过|不能超过|数量|张数|网址|链接"
            r"|清晰度|模糊|无效的?(?:图|链接|数据|请求|值)",
            "Volcengine, new-api",
        ),
        Words(
            "other",
            r"パラメータ|フィールド|引数|形式|サイズ|解像度|比率|长さ|文字数|必须|空(?:です|に)"
            r"|ダウンロード|フォーマット|未指定|枚数|파라미터|매개변수|필드|형식|크기|해상도|비율|길이"
            r"|글자|필수|비어|다운로드|\bпараметр\w*|\bпол(?:е|я)\b|\bформат\w*|\bразмер\w*"
            r"|\bразрешени\w*|\bдлин\w*|\bслишком (?:длинн|больш|мал)\w*|\bобязател\w*|\bпуст\w*"
            r"|\bзагрузить\b|\bсоотношени\w*|\bparametr\w*|\bcampos?\b|\bformat[oe]?s?\b|\btaman\w*"
            r"|\btamanho\w*|\bresoluc\w*|\blongitud\b|\bdemasiado (?:larg|grand|peque)\w*"
            r"|\bmuito (?:long|grand|pequen)\w*|\bobligatori\w*|\bobrigatori\w*|\bvaci[oa]\b"
            r"|\bvazi[oa]\b|\bdescarg\w*|\bparameter\w*|\bfeld(?:er)?\b|\bgrosse\b|\bauflosung\b"
            r"|\bzu (?:lang|gross|klein|kurz)\b|\berforderlich\b|\bleer\b|\bseitenverhaltnis\b"
            r"|\bchamps?\b|\btaille\b|\blongueur\b|\btrop (?:long|grand|petit|volumineu)\w*"
            r"|\brequis\w*|\bvide\b|\btelecharg\w*|\bduree\b|\bduracion\b|\bduracao\b|\bdauer\b"
            r"|\bllamada\b",
            "the same sentences, translated",
        ),
    ),
    # What can be measured of a picture, a text or a video. "It does not conform" is said of it without any review.
    "measure": (
        Words(
            "en",
            r"\bsizes?\b|\bratio\b|\bresolutions?\b|\bdimensions?\b|\bpixels?\b|\bformat\b|\bduration\b|\bfps\b"
            r"|\bframe ?rate\b|\bbit ?rate\b|\bcodec\b|\blength\b|\bextension\b|\bmime\b|\bcolou?r (?:profile"
            r"|space|depth)|\bfile type\b"
            r"|\bwidth\b|\bheight\b|\bquality\b"
            r"|\btoo (?:long|short|large|small|big)\b|\b(?:larg|long|small|short|bigg)er than\b|\b\d+ ?[mk]b\b",
            "Volcengine, Kling",
        ),
        Words(
            "zh",
            r"尺寸|大小(?!写)|分辨率|宽高|比例|像素|时长|帧率|长度|字数|字符|格式|编码|清晰度|质量|过大|过小|过长|过短|太大|太小|太长|太短|超长",
            "Volcengine, Kling",
        ),
        Words(
            "other",
            r"形式|サイズ|解像度|比率|长さ|文字数|大きすぎ|小さすぎ|长すぎ|短すぎ"
            r"|용량|너무 (?:크|작|길|짧)|형식|크기|해상도|비율|길이|글자 ?수"
            r"|\bформат\w*|\bразмер\w*|\bразрешени[ея]\b|\bдлин[аыу]\b"
            r"|\bformat[oe]\b|\btaman[oh]+o\b|\bresoluc\w*|\bgrosse\b|\bauflosung\b|\bseitenverhaltnis\b"
            r"|\btaille\b|\bduree\b",
            "the same sentences, translated",
        ),
    ),
    # The service, or what stands behind it, is in trouble of its own.
    "own_trouble": (
        Words(
            "en",
            r"\binternal\b|\bserver error|\bupstream\b|\bnetwork\b|\btry again (?:later|in)\b"
            r"|\bat the moment\b|\bright now\b|\btemporar\w*|\btime ?out\b|\btimed out\b|\btechnical\b"
            r"|\bunavailable\b|\bconnection\b|\bmaintenance\b|\bgateway\b|\bserver\b|\bexception\b"
            r"|\boutage\b|\b(?:en|de)coder\b|\bscheduler\b|\bparser\b|\bworker\b|\bgpu\b",
            "every service",
        ),
        Words(
            "zh",
            r"服务(?:器|端|商)?(?:异常|错误|出错|不可用|内部)|系统(?:错误|异常|内部)|网络|超时|上游|稍后|内部错误|维护|连接",
            "every service",
        ),
        Words(
            "other",
            r"サーバー|ネットワーク|タイムアウト|一时的|内部エラー|メンテナンス|서버|네트워크"
            r"|시간 초과|일시적|내부 오류|점검|\bсервер\w*|\bсет[иь]\b|\bвременн\w*"
            r"|\bвнутренн\w* ошибк\w*|\btiempo de espera|\bservidor\b|\btemporal\w*|\btemporariamente"
            r"|\bvorubergehend|\bserverfehler|\bzeituberschreitung|\bserveur\b|\btemporairement"
            r"|\bdelai\b",
            "the same sentences, translated",
        ),
    ),
    "timed_out": (
        Words(
            "all",
            r"\btime ?out\b|\btimed out\b|\bdeadline exceeded|超时|タイムアウト|시간 초과"
            r"|\bистекло время|\btiempo de espera|\btempo limite|\bzeituberschreitung"
            r"|\bdelai d'attente",
            "every service",
        ),
    ),
}
