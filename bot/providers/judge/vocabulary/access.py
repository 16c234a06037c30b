"""Keys, accounts, models, and the pool of accounts behind a relay."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

ACCESS: Vocabulary = {
    # The service's own pool of accounts is empty or its own way is blocked: nobody else's balance or key is at fault.
    "own_pool": (
        Words(
            "en",
            r"\bno (?:available|active|valid|healthy|usable) (?:\w+ ){0,2}(?:tokens?|accounts?"
            r"|channels?|keys?|workers?|providers?)\b|\ball (?:tokens|accounts|channels) are\b"
            r"|\bno available key|\bget channel failed"
            r"|\bupstream (?:\w+ )?(?:authentication|auth|authorization|key|token|account)\b"
            r"|\bauthentication (?:failed|error) (?:at|with|from) upstream"
            r"|\bupstream=?[ :]?\d*/? ?auth|\bphone number required|\bunsupported country",
            "sora2api, sub2api, new-api",
        ),
        Words(
            "zh",
            r"没有可用的? ?(?:token|账号|账户|渠道|密钥)|无可用(?:渠道|账号|账户|token|密钥)"
            r"|所有 ?(?:token|账号|渠道)|上游(?:账号|鉴权|认证|密钥)|号池|账号池"
            r"|请联系管理员(?:配置|添加)",
            "flow2api, one-api",
        ),
    ),
    "no_model": (
        Words(
            "en",
            r"\bmodel not found\b|\binvalid model\b|\bunsupported (?:\w+ )?model\b|\bunknown model\b"
            r"|\bno available channel for model\b"
            r"|\bmodel\b.{0,100}\b(?:(?:does|do|did) not exist|not found|deprecated|retired"
            r"|discontinued|shut down|sunset|removed|is not available|not open|unavailable|disabled"
            r"|not supported|was not found|no longer)\b"
            r"|\bmodel (?:access denied|unavailable|not open|does not exist)"
            r"|\binvalid endpoint or model|\bno such model|\bunsupported model\b"
            r"|\bmodel name .{0,40}(?:not exist|invalid|unknown)|\bnot a valid model\b"
            r"|\bno endpoints found for\b|\bdoes not have access to (?:the )?model"
            r"|\bpage does not exist or is not published",
            "new-api, OpenAI, sora2api, Google Flow, Volcengine, OpenRouter, Kie",
        ),
        Words(
            "zh",
            r"不支持的? ?模型"
            r"|模型.{0,80}(?:无可用渠道|不存在|未找到|已下线|已停用|已弃用|不可用|未开通|已下架|不支持)"
            r"|(?:无效|未知|错误)的? ?模型|找不到.{0,20}模型|无权(?:访问|使用).{0,10}模型"
            r"|未开通.{0,20}模型",
            "new-api, one-api",
        ),
        Words(
            "other",
            r"モデル.{0,30}(?:见つかりません|存在しません|利用できません|サポートされ)"
            r"|모델.{0,30}(?:찾을 수 없|존재하지|지원하지|사용할 수 없)"
            r"|\bмодел\w*.{0,40}\b(?:не найден|не существует|недоступн|не поддержива)\w*"
            r"|\bmodelo?\b.{0,40}\b(?:no existe|no encontrad|nao existe|nao encontrad|no disponible"
            r"|nao disponivel|inexist)\w*"
            r"|\bmodell\b.{0,40}\b(?:nicht gefunden|existiert nicht|nicht verfugbar)"
            r"|\bmodele\b.{0,40}\b(?:introuvable|n'existe pas|indisponible)",
            "the same sentences, translated",
        ),
    ),
    "key": (
        Words(
            "en",
            r"\b(?:invalid|incorrect|wrong|expired|missing|bad|malformed|revoked|unknown|no"
            r"|disabled) (?:\w+ )?(?:api ?key|access ?token|token|credentials?|authorization"
            r"|authentication|bearer|secret key)\b(?! (?:limit|count|length|for video))"
            r"|\b(?:api ?key|access token|token|credentials?)\b(?: \w+){0,3} (?:invalid|not valid"
            r"|incorrect|expired|revoked|disabled|wrong|missing|not found|required)\b"
            r"|\bnot authenticated\b|\bunauthenticated\b|\bunauthori[sz]ed\b|\bapi key invalid"
            r"|\bauthentication (?:error|failed|required|fails|failure|token)\b"
            r"|\binvalid authentication|\binvalid account\b|\bauth failure\b"
            r"|\bcredentials (?:could not|cannot) be\b|\bcould not authenticate"
            r"|\blogin required|\bno permission to access\b|\bmissing authentication"
            r"|\bauthorization (?:failed|header)|\binvalid signature",
            "new-api, OpenAI, FastAPI, Replicate",
        ),
        Words(
            "zh",
            r"无效的? ?(?:令牌|密钥|token|api ?key|key)|api ?key ?(?:无效|错误|不正确|已|不存在|未)"
            r"|(?:令牌|密钥|token)[^。]{0,6}(?:无效|失效|过期|错误|不正确|已禁用|不存在|被禁用)"
            r"|(?<!图片)(?<!链接)(?<!资源)鉴权失败|认证失败|未授权|未登录|身份验证失败|签名(?:错误|无效)|无权访问(?!.{0,10}模型)",
            "new-api, one-api, free-api family",
        ),
        Words(
            "other",
            r"api ?キー|(?:トークン|认证)[^。]{0,6}(?:无効|失败|エラー|期限)"
            r"|(?:api ?키|토큰|인증)[^.]{0,8}(?:유효하지|잘못|만료|실패|오류)"
            r"|\b(?:неверн|недействительн)\w* (?:api|ключ|токен)\w*"
            r"|\bключ\w*[^.]{0,10}(?:недействит|неверн)\w*|\bне авторизован\w*"
            r"|\b(?:clave|chave|llave)[^.]{0,20}(?:invalid|incorrect|no valid|inval)\w*"
            r"|\bno autorizad\w*|\bnao autorizad\w*"
            r"|\b(?:ungultig|falsch)\w* (?:api|schlussel|token)\w*|\bnicht autorisiert"
            r"|\bcle\b[^.]{0,12}(?:invalide|incorrecte)|\bnon autorise\w* \("
            r"|\btoken (?:invalido|ungultig|invalide)",
            "the same sentences, translated",
        ),
    ),
    # The account behind the key, not the request.
    "account": (
        Words(
            "en",
            r"\b(?:account|user|organization|project|workspace|team)\b(?: \w+){0,4} (?:is |was "
            r"|has been |been )?(?:locked|banned|suspended|disabled|deactivated|blocked|not verified"
            r"|restricted|terminated|inactive)\b|\border? ?org policy\b|\borg(?:anization)? policy\b"
            r"|\bverify your (?:organization|account|identity)|\badmin lock\b|\breal name\b"
            r"|\bidentity verification|\baccess denied\b|\bpermission denied\b"
            r"|\bip\b[\w ]{0,24}\b(?:white ?list\w*|allow ?list\w*|blocked|black ?list\w*)"
            r"|\bdo(?:es)? not have (?:permission|access)|\bno permission\b",
            "fal, Google Cloud, OpenAI, new-api",
        ),
        Words(
            "zh",
            r"(?:用户|账号|账户|帐号|帐户|组织)[^。]{0,6}(?:封禁|禁用|冻结|停用|锁定|受限|限制|异常|被封|注销)"
            r"|实名|未认证|ip[^。]{0,8}(?:白名单|黑名单)|权限不足|没有权限|无权限|无访问权限",
            "one-api, Volcengine, Kling",
        ),
        Words(
            "other",
            r"アカウント[^。]{0,10}(?:停止|凍结|凍結|无効|禁止|ロック)"
            r"|계정[^.]{0,10}(?:정지|차단|비활성|잠)"
            r"|\b(?:аккаунт|учетн\w+ запис\w+|пользователь)\b[^.]{0,10}(?:заблокир|отключ)\w*"
            r"|\b(?:cuenta|conta|usuario)\b[^.]{0,16}(?:suspendid|bloquead|deshabilit|desativad|banid)\w*"
            r"|\b(?:konto|benutzer)\b[^.]{0,16}(?:gesperrt|deaktiviert)"
            r"|\bcompte\b[^.]{0,16}(?:suspendu|bloque|desactive)",
            "the same sentences, translated",
        ),
    ),
}
