import asyncio, logging, re, sqlite3, pytest
from contextlib import closing
from pathlib import Path
from playground.playground import Playground
from playground.discord_server import button_id
from playground.terminal import render
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

SETTINGS = {**QUICK, "VIDEO_STALL_TIMEOUT": "40", "VIDEO_TIMEOUT": "50"}
READY="Your video is ready"

def own(d, **s): return Playground(d, pace=0.3, plan=SHORT_FILM, settings={**SETTINGS, **s})

async def under_way(stage, prompt, **o):
    i = await stage.video(f"#slow {prompt}", **o)
    await stage.discord.wait_for(i, lambda m: re.search(r"\d %", render(m)) is not None, timeout=20)
    return i

async def test_hiccup_while_reply_is_replaced(tmp_path, picture):
    async with own(tmp_path) as w:
        s=Stage(w,picture); i=await under_way(s,"hic")
        s.discord.delete_message(i.message); s.discord.kill_token(i)
        f=s.discord.faults.add(route="POST *", status=500, times=6)
        row=await s.delivered(i)
        print(row["delivery"])
        assert row["delivery"]=="message"

async def test_garbled_edit_answer(tmp_path, picture):
    # an answer that is no JSON although it says so: 200 with a body of another kind
    async with own(tmp_path) as w:
        s=Stage(w,picture)
        f=s.discord.faults.add(route="PATCH *", status=200, times=2)
        i=await s.video("garbled")
        await s.shows(i, READY, within=20)
        f2 = await s.delivered(i)

async def test_debug_log(tmp_path, picture):
    async with own(tmp_path, LOG_LEVEL="DEBUG") as w:
        s=Stage(w,picture)
        i=await s.video("a most private prompt")
        await s.delivered(i)
        log=s.log()
        bad=[l for l in log.splitlines() if "most private" in l or i.token in l or "hm=" in l]
        print("\n".join(x[:300] for x in bad[:8]))
        assert not bad

async def test_refused_job_with_lost_reply_in_inbox(tmp_path, picture):
    async with own(tmp_path) as w:
        s=Stage(w,picture)
        staff=s.discord.world.channel("staff")
        i=await s.video("#refuse-result #family-a bla", by=s.mo, where=staff)
        await s.discord.wait_for(i, lambda m: re.search(r"\d %", render(m)) is not None, timeout=20)
        s.discord.kill_token(i)
        row=await s.delivered(i)
        inbox=s.discord.world.direct_messages(s.mo)
        (letter,)=[m for m in s.discord.world.messages.values() if m.channel is inbox]
        print(row["delivery"], render(letter))
        assert "[ What happened? ]" not in render(letter)
        assert "What to change" in render(letter)

async def test_double_again(tmp_path, picture):
    async with own(tmp_path) as w:
        s=Stage(w,picture)
        i=await s.video("#fail double")
        await s.delivered(i)
        m=i.message
        a,b=await asyncio.gather(*(s.discord.click(s.mara,m,button_id(m,"Try again")) for _ in range(2)))
        await asyncio.sleep(4)
        print(len(s.service.requests))
        assert len(s.service.requests)==2

async def test_all_messages_name_their_mentions(tmp_path, picture):
    async with own(tmp_path) as w:
        s=Stage(w,picture)
        i=await s.video("#refuse-prompt @everyone <@&1>")
        await s.delivered(i); await s.told(i)
        c=await s.discord.click(s.ben,i.message,button_id(i.message,"What happened?"))
        await s.told(c)
        u=await s.discord.slash(s.mo, s.videos, "usage overview", {})
        await asyncio.sleep(1)
        for r in s.discord.requests:
            if r.method in("POST","PATCH") and isinstance(r.body,dict):
                d=r.body.get("data",r.body)
                if isinstance(d,dict) and ("components" in d or "content" in d):
                    print(r.route, d.get("allowed_mentions"))
                    assert d.get("allowed_mentions",{}).get("parse")==[], r
