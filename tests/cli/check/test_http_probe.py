"""Why there was no answer, in words, and nothing of what was sent in them."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.check.findings import plain, some_of
from bot.cli.check.http_probe import Answer, ask


async def test_a_certificate_that_nobody_vouches_for_is_told_as_such(tmp_path: Path) -> None:
    if not (openssl := shutil.which("openssl")):
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    arguments = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    await asyncio.to_thread(subprocess.run, [openssl, *arguments, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0, ssl_context=context).start()
    try:
        said = await ask(f"https://localhost:{runner.addresses[0][1]}/", {"Authorization": "Bearer sk-secret"})
    finally:
        await runner.cleanup()

    assert isinstance(said, str)
    assert "The certificate of localhost is refused: self" in said
    assert "sk-secret" not in said


async def test_a_name_that_nobody_has_is_told_as_such() -> None:
    said = await ask("http://no-such-host.invalid/")

    assert said == "There is no host named no-such-host.invalid, or this machine cannot look it up."


@pytest.mark.parametrize(
    ("body", "kind", "page"),
    [
        (b'{"data": []}', "application/json", False),
        (b"<!doctype html>", "text/plain", True),
        (b"", "text/html; charset=utf-8", True),
    ],
)
def test_a_page_is_told_from_data(body: bytes, kind: str, page: bool) -> None:
    assert Answer(200, {"Content-Type": kind}, body, 0.0).is_page is page


def test_a_name_from_outside_steers_no_terminal_and_fills_no_screen() -> None:
    assert plain("a\x1b[2J\u202eb\n c") == "a[2Jb c"
    assert len(plain("x" * 500)) == 40
    assert some_of(list("abcdefg")) == "a, b, c, d, e and 2 more"
