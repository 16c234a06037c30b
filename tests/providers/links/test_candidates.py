"""Finding the video's link: the order of trust, the decoys, what a link's own expiry says."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.media.link_expiry import expiry
from bot.providers.links.candidates import best, candidates
from bot.providers.links.dressings import holds_video, links_in, without_open_link

BASE = "https://relay.example/v1/chat/completions"
A, B, C = "https://h.example/a.mp4", "https://h.example/b.mp4", "https://h.example/c.mp4"
RAW = "https://videos.openai.com/az/files/abc%2Fraw?se=2026-03-10T00%3A00%3A00Z&sig=x%2By%3D"


def found(text: str = "", fields: tuple[str, ...] = (), last: str = "", decoys: tuple[str, ...] = ()) -> list[str]:
    return list(best(candidates(text, fields, [last], base=BASE, decoys=decoys), succeeded=False))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"<video src='{RAW}' controls></video>", [RAW]),
        (f'<video src="{A}"></video>', [A]),
        (f"<video src={A} controls>", [A]),
        (f"<video controls>\n<source\n type='video/mp4' src = '{A}'></video>", [A]),
        (f"<VIDEO SRC='{A}' data-media-id='x' controls style='max-width:100%'></VIDEO>", [A]),
        (
            "<video src='/sora/media/x?expires=1&amp;sig=2'></video>",
            ["https://relay.example/sora/media/x?expires=1&sig=2"],
        ),
        ("<video src='http://10.0.0.5:8000/tmp/9c'></video>", ["http://10.0.0.5:8000/tmp/9c"]),
        (f"视频生成成功，[点击这里]({A}) 查看视频~~~", [A]),
        (f"[在线播放▶️]({A}?st=1&se=2&sig=3%3D)", [f"{A}?st=1&se=2&sig=3%3D"]),
        ("video generated successful,[click here](https://xxxxxx.mp4)", ["https://xxxxxx.mp4"]),
        (f"[▶️ 在线观看]({A}) | [⏬ 下载视频]({B})", [A, B]),
        (f"[x](<{A}>)", [A]),
        (f'[x]({A} "title")', [A]),
        ("[x](https://h.example/a_(1).mp4)", ["https://h.example/a_(1).mp4"]),
        ("[x](/files/a.mp4)", ["https://relay.example/files/a.mp4"]),
        (f"[Click here]({RAW})", [RAW]),
        (f"[下载视频]({RAW})", [RAW]),
        (f"[video]({RAW})", [RAW]),
        (f"done: {A}.", [A]),
        (f"视频：{A}，请查看", [A]),
        (f"**{A}**", [A]),
        (f"[{A}]({A})", [A]),
        (f"[x]({A})[y]({A})", [A]),
    ],
)
def test_each_form_of_link_is_found(text: str, links: list[str]) -> None:
    assert found(text) == links


def test_the_more_trusted_form_counts_alone() -> None:
    tag, file, label = f"<video src='{A}'>", f"[x]({B})", f"[click here]({RAW})"
    assert found(f"{C} {label} {file} {tag}", (C,), C) == [A]
    assert found(f"{C} {label} {file}", (C,), C) == [B]
    assert found(f"{C} {label}", (C,), C) == [RAW]
    assert found(C, (A,), B) == [A]
    assert found(C, (), RAW) == [C]
    assert found("https://h.example/page", (), RAW) == [RAW]


def test_a_last_piece_is_taken_only_if_it_is_a_link_and_nothing_else() -> None:
    drive = "https://drive.google.com/file/d/xxx/view"
    assert found(drive, (), f"\n{drive}\n") == [drive]
    assert found(drive, (), f"see {drive}") == []


@pytest.mark.parametrize(
    "text",
    [
        "[数据预览](https://asyncdata.net/web/task_1) | [原始数据](https://asyncdata.net/source/task_1)",
        "[Data Preview](https://asyncdata.net/web/task_1) | [Raw Data](https://asyncdata.net/source/task_1)",
        "[watch the video](https://pro.asyncdata.net/web/task_1)",
        "![https://h.example/x.webp](https://h.example/x.webp)",
        "![play](https://h.example/x)",
        "[video](https://h.example/x.png) [下载](https://h.example/x.jpeg?a=b.mp4) [play](https://h.example/x.gif)",
        "[video](#) [下载]() [click here](javascript:alert(1)) [play](soon) [watch](mailto:a@b.example)",
        "[terms](https://h.example/terms)",
        "https://h.example/page https://h.example/?x=.mp4",
        "<img src='https://h.example/x.webp'>",
        "<video src=''></video><video controls>",
        "<video src='https://h.example/cut",
        '<video src="https://h.example/cut',
        "ftp://h.example/a.mp4 file:///a.mp4 [video](file:///a.mp4) [video](data:video/mp4;base64,AAAA)",
        "[video](https://) [video](https:///a.mp4) [video](https://h.example:port/a.mp4) [video](https://[::1/a.mp4)",
        "[video](https://h.example/\u202ea.mp4) [video](https://h.example/\x07.mp4)",
        "[video](https://h.example/" + "a" * 5000 + ".mp4)",
    ],
)
def test_decoys_are_never_taken(text: str) -> None:
    assert found(text) == []
    assert found(text + f"\n[在线播放▶️]({A})") == [A]


def test_a_tag_without_quotes_is_complete_at_its_next_space() -> None:
    assert found("<video src=https://h.example/cut") == []
    assert found("<video src=https://h.example/whole controls") == ["https://h.example/whole"]


def test_links_of_the_request_itself_are_never_taken() -> None:
    assert found(f"<video src='{A}'> [click here]({A}) {A}", (A,), A, decoys=(A,)) == []
    assert found(f"<video src='{A}'> [click here]({B})", decoys=(A,)) == [B]


def test_a_link_still_being_written_at_the_end_is_not_complete() -> None:
    for start in ("[点击这里](", "[x](<", "<video src='", '<video src="'):
        assert without_open_link(f"{B} {start}{A}?sig=ab").startswith(f"{B} ")
        assert A not in without_open_link(f"{start}{A}?sig=ab")
    for whole in (f"[x]({A})", f"<video src='{A}'>", A, f"[x]({A}) and more"):
        assert without_open_link(whole) == whole


def test_links_in_a_text_lose_the_punctuation_behind_them() -> None:
    assert links_in(f"see {A}, ({B}) and **{C}**。") == [A, B, C]


def test_only_a_video_file_or_tag_is_believed_without_a_label() -> None:
    assert holds_video(f"[x]({A})")
    assert holds_video("<video src='/sora/media/1'>")
    assert not holds_video(f"[click here]({RAW})")


@pytest.mark.parametrize(
    ("query", "moment"),
    [
        ("se=2025-01-27T14%3A52%3A45Z&sig=x", datetime(2025, 1, 27, 14, 52, 45, tzinfo=UTC)),
        ("se=2025-01-27", datetime(2025, 1, 27, tzinfo=UTC)),
        ("expires=1767105339&sig=x", datetime.fromtimestamp(1767105339, UTC)),
        ("Expires=1767105339&Signature=x", datetime.fromtimestamp(1767105339, UTC)),
        ("X-Amz-Date=20250127T100000Z&X-Amz-Expires=3600", datetime(2025, 1, 27, 11, tzinfo=UTC)),
        ("ex=65ea8cbd&is=x&hm=y", datetime.fromtimestamp(0x65EA8CBD, UTC)),
        ("", None),
        ("se=soon", None),
        ("expires=", None),
        ("expires=x", None),
        ("expires=99999999999999999999", None),
        ("X-Amz-Date=20250127T100000Z&X-Amz-Expires=9999999999999999", None),
        ("ex=65ea8cbd", None),
    ],
)
def test_a_signed_link_tells_when_it_ends(query: str, moment: datetime | None) -> None:
    assert expiry(f"{A}?{query}") == moment


def test_the_expiry_of_what_is_no_link_is_none() -> None:
    assert expiry("https://[x") is None
    assert expiry("") is None


@pytest.mark.parametrize(
    "piece",
    [
        "[a](u ",
        "<video ",
        "[a]( ",
        "[",
        "https://",
        "[a](x",
        "[a]((a",
        "<video src",
        "](a",
        "<video src='a",
        "='",
        "[a](((a))",
    ],
)
def test_no_hostile_text_takes_long(piece: str) -> None:
    text = piece * (256 * 1024 // len(piece))
    start = time.process_time()
    found(text)
    without_open_link(text)
    assert time.process_time() - start < 2  # it took 53 s before the runs had limits
