"""Nothing that a client said stands in a log, wherever it said it; each line is JSON."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.service.running import running

SECRET = "MrsMiller"  # noqa: S105  # no password


def sent(base: str, request: bytes) -> bytes:
    """Return the beginning of what comes back for some bytes."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as line:
        line.sendall(request)
        return line.recv(200)


def requests() -> dict[str, bytes]:
    """Return what a client may send, with a secret in one place of each."""
    get, post, secret = b"GET /health", b"POST /api/assess", SECRET.encode()
    end, host = b" HTTP/1.1\r\n", b"Host: x\r\nConnection: close\r\n"
    form = (
        b"--b\r\nContent-Disposition: form-data; name=" + secret + b"\r\n\r\n" + secret + b"\r\n"
        b"--b--\r\n" + secret + b"\r\n\x00" + secret
    )

    def posting(address: bytes, body: bytes, kind: bytes = b"application/json") -> bytes:
        head = b"Content-Type: " + kind + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
        return b"POST " + address + end + host + head + body

    return {
        "method": secret + b" /health" + end + host + b"\r\n",
        "method of a route for posts": secret + b" /api/assess" + end + host + b"\r\n",
        "path": get + b"/" + secret + end + host + b"\r\n",
        "path of a service": b"GET /cds-services/" + secret + end + host + b"\r\n",
        "query": get + b"?" + secret + b"=" + secret + end + host + b"\r\n",
        "header": get + end + host + secret + b": " + secret + b"\r\n\r\n",
        "header that is none": get + end + host + secret + b" \x01" + secret + b"\r\n\r\n",
        "host": get + end + b"Host: " + secret + b"\r\nConnection: close\r\n\r\n",
        "version": get + b" " + secret + b"\r\n\r\n",
        "no HTTP": secret + b"\r\n\r\n",
        "upgrade": get
        + end
        + b"Host: x\r\nConnection: upgrade\r\nUpgrade: "
        + secret
        + b"\r\n\r\n",
        "length": post + end + host + b"Content-Length: " + secret + b"\r\n\r\n",
        "chunk": post + end + host + b"Transfer-Encoding: chunked\r\n\r\n" + secret + b"\r\n\r\n",
        "JSON": posting(b"/api/assess", b'{"supplements": ["' + secret + b'"]}'),
        "no JSON": posting(b"/api/assess", secret),
        "key": posting(b"/api/assess", b'{"' + secret + b'": 1}'),
        "lone surrogate": posting(b"/api/assess", b'{"supplements": ["\\ud800 ' + secret + b'"]}'),
        "card": posting(b"/cds-services/msrisk-patient-view", b'{"hook": "' + secret + b'"}'),
        "form": posting(b"/", secret + b"=" + secret, b"application/x-www-form-urlencoded"),
        "form in parts": posting(b"/", form, b"multipart/form-data; boundary=b"),
        "spoiled form": posting(b"/", form[9:], b"multipart/form-data; boundary=b"),
        "kind of a form": posting(b"/keep", b"x", b"multipart/form-data; " + secret),
        "token": get.replace(b"/health", b"/api/rules")
        + end
        + host
        + b"Authorization: Bearer "
        + secret
        + b"\r\n\r\n",
    }


def test_no_log_holds_what_a_client_said_wherever_it_said_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(log, "--workers", "1") as (base, _):
        answered = {name: sent(base, one)[:12] for name, one in requests().items()}
    said = log.read_text("utf-8")
    lines = said.splitlines()[1:]
    assert SECRET.casefold() not in said.casefold()
    assert all(isinstance(json.loads(one), dict) for one in lines)
    assert '"fault"' not in said
    assert {one.get("method") for one in map(json.loads, lines)} >= {"other", "GET", "POST"}
    # Of what libraries log, their words are left out.
    assert any("log" in one for one in map(json.loads, lines))
    assert [name for name, one in answered.items() if not one.startswith(b"HTTP/1.1 ")] == []
