"""Too much at once, a busy service, a shield against machines."""

from __future__ import annotations

from bot.providers.judge.words import Vocabulary, Words

TRAFFIC: Vocabulary = {
    "hasty": (
        Words(
            "en",
            r"(?<![a-z])rate limit\w*"
            r"|\btoo (?:many|fast|frequent)\b(?! (?:people|faces|images|pictures|words|characters"
            r"|tokens|objects|pixels|references?|input))|\bthrottl\w*|\brequest frequency"
            r"|\bcf shield 429|\bconcurren\w+ (?:limit|slot|request|task|generation|job)"
            r"|\b(?:limit|maximum|exceeded|many|over)\b[\w ]{0,20}\bconcurren\w*|\bparallel task"
            r"|\bgenerations? in progress|\b(?:videos?|tasks?|jobs?|generations?) at a time"
            r"|\brequests? per (?:minute|second|day|hour)|\b(?:rpm|tpm|qps|ipm)\b|\brate quota"
            r"|\bburst\b|\bslow down\b|\brequest limit\b|\bresource exhausted\b"
            r"|\boperation in process\b|\binflight\b|\b429\b|\brun out of capacity|\btask limit\b"
            r"|\btoo many tasks|\bdaily limit\b",
            "sub2api, sora2api, Google, Kling, Volcengine",
        ),
        Words(
            "zh",
            r"请求数限制|请求(?:过于|太|过)频繁|操作频繁|频率(?:限制|过|超)|速率|请求频率|并发|限流"
            r"|请求过多|过多(?:的?任务|请求)|任务(?:数|过多|数量)|排队人数|频次|调用(?:过于|太)频繁|过于频繁",
            "new-api, one-api, Zhipu",
        ),
        Words(
            "other",
            r"レート制限|レートリミット|リクエスト(?:が多|数)|同时に?(?:実行|生成|处理)|요청이 너무 많"
            r"|너무 많은 요청|요청 (?:한도|제한)|동시|속도 제한|\bслишком много (?:запрос|задач)\w*"
            r"|\bлимит (?:запрос|скорост|одновр)\w*|\bпревышен лимит запрос\w*"
            r"|\bdemasiad[oa]s (?:solicitudes|peticiones|videos|tareas)|\bmuit[oa]s (?:solicitacoes|requisicoes"
            r"|videos|tarefas)"
            r"|\blimite de (?:velocidad|solicitud|requisic|peticion|taxa)\w*"
            r"|\bzu viele (?:anfragen|anforderungen|videos|aufgaben|auftrage)|\bratenlimit"
            r"|\btrop de (?:requetes|demandes|videos|taches)"
            r"|\blimite de debit|\blimite de requetes",
            "the same sentences, translated",
        ),
    ),
    "busy": (
        Words(
            "en",
            r"\bheavy load|\boverload\w*|\bload is saturated|\bbusy\b"
            r"|\b(?:high|heavy|too much|increased) (?:traffic|demand|load|volume)|\bat (?:full )?capacity"
            r"|\bover capacity"
            r"|\bserver(?:s)? (?:is|are) (?:full|overwhelmed)|\bcapacity (?:limit|exceeded|reached)"
            r"|\bshedding load|\bqueue is full|\bupstream load",
            "sora2api, one-api, new-api, Google",
        ),
        Words(
            "zh",
            r"负载已饱和|繁忙|正忙|忙碌|人排队|负载(?:过高|较高|饱和)|拥挤|过载|爆满|高峰|资源紧张|算力(?:不足|紧张)|队列已满",
            "one-api, new-api",
        ),
        Words(
            "other",
            r"混雑|混み合|过负荷|アクセスが集中|혼잡|과부하|바쁩|\bперегружен\w*|\bвысок\w* нагрузк\w*"
            r"|\bsaturad\w*|\bsobrecarregad\w*|\bsobrecargad\w*|\bocupad[oa]\b|\bausgelastet"
            r"|\buberlastet|\bsurcharge\w*|\boccupe\w*",
            "the same sentences, translated",
        ),
    ),
    # Says "blocked" or "human" and means machines.
    "shield": (
        Words(
            "en",
            r"\bcloudflare\b|\b(?:re)?captcha\b|\banti ?bots?\b|\bbot (?:detect|protect|challenge)\w*"
            r"|\bunusual activity"
            r"|\bshark not pass|\bverify (?:that )?you are (?:a )?human|\bclean proxy\b"
            r"|\bunusual traffic|\bwaf\b|\baccess denied by (?:security|firewall)",
            "sub2api, Cloudflare, grok2api, jimeng-free-api",
        ),
        Words("zh", r"反爬|人机(?:验证|校验)|机器人(?:检测|验证)|异常行为|滑块", "jimeng-free-api, flow2api"),
    ),
}
