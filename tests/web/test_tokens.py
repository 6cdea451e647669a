"""Where tokens are asked for, only those of known clients are taken, for one call each."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.testclient import TestClient

from msrisk.errors import MsriskError
from msrisk.web import Tokens
from msrisk.web.problems import Refused
from msrisk.web.tokens import LONGEST
from tests.cds_hooks.requests import prefetch, request
from tests.web.client import client

AT: Final = "https://clinic.example/msrisk"
ISSUER: Final = "https://ehr.example"
DISCOVERY: Final = "/cds-services"
VIEW: Final = "/cds-services/msrisk-patient-view"
CURVE: Final = ec.generate_private_key(ec.SECP384R1())
OTHER: Final = ec.generate_private_key(ec.SECP384R1())
NUMBERS: Final = rsa.generate_private_key(65537, 2048)


def public(key: Any, id_: str, **more: Any) -> dict[str, Any]:
    kind = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else None
    made: str = (kind or jwt.algorithms.ECAlgorithm).to_jwk(key.public_key())
    return {**json.loads(made), "kid": id_, **more}


KEYS: Final = [public(CURVE, "curve", alg="ES384"), public(NUMBERS, "numbers")]


def written(folder: Path, told: object = None) -> Path:
    file = folder / "keys.json"
    file.write_text(json.dumps({"keys": KEYS} if told is None else told), "utf-8")
    return file


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    other = tmp_path / "other"
    other.mkdir()
    theirs = written(other, {"keys": [public(OTHER, "theirs")]})
    return Tokens.read(f"{AT}/", {ISSUER: written(tmp_path), "https://other.example": theirs})


def token(
    called: str = DISCOVERY,
    key: Any = CURVE,
    alg: str = "ES384",
    head: Mapping[str, Any] | None = None,
    **claims: Any,
) -> str:
    """Return a token of the client, but for what is given; None leaves a claim out."""
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": AT + called, "exp": now + 300, "iat": now}
    told = {**whole, "jti": str(uuid.uuid4()), **claims}
    kept = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(kept, key, alg, {"kid": "curve"} if head is None else dict(head))


def bearer(made: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {made}"}


def called(tokens: Tokens, prefix: str = "") -> TestClient:
    return client(tokens=tokens, prefix=prefix)


def test_a_token_of_a_known_client_is_taken_for_each_call(tokens: Tokens) -> None:
    calls = called(tokens)
    assert calls.get(DISCOVERY, headers=bearer(token())).status_code == 200
    body = request(sent=prefetch())
    assert calls.post(VIEW, json=body, headers=bearer(token(VIEW))).status_code == 200
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    for aud in (VIEW, f"{VIEW}/feedback"):
        headers = bearer(token(aud))
        assert calls.post(f"{VIEW}/feedback", json=told, headers=headers).status_code == 200
    assert calls.get("/api/rules", headers=bearer(token("/api/rules"))).status_code == 200


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS512"])
def test_a_key_without_an_algorithm_serves_for_all_of_its_kind(tokens: Tokens, alg: str) -> None:
    made = token(key=NUMBERS, alg=alg, head={"kid": "numbers"})
    assert called(tokens).get(DISCOVERY, headers=bearer(made)).status_code == 200


def test_an_address_can_be_among_several_and_has_the_prefix(tokens: Tokens) -> None:
    made = token(aud=["https://elsewhere.example", AT + DISCOVERY])
    calls = called(tokens, prefix="/m")
    assert calls.get(f"/m{DISCOVERY}", headers=bearer(made)).status_code == 200


NOW = int(time.time())
REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "expired": (lambda: token(exp=NOW - 120, iat=NOW - 400), "still holds"),
    "of later": (lambda: token(iat=NOW + 36_000), "holds already"),
    "not before": (lambda: token(nbf=NOW + 36_000), "holds already"),
    "too long": (lambda: token(exp=NOW + LONGEST + 36_000), "at most 3600 seconds"),
    "for another service": (lambda: token(aud="https://other.example"), "aud is the address"),
    "for another address": (lambda: token(VIEW), "aud is the address"),
    "of an unknown issuer": (lambda: token(iss="https://x.example"), "known here (iss)"),
    "without an issuer": (lambda: token(iss=None), "known here (iss)"),
    "of a list of issuers": (lambda: token(iss=None, sub="x"), "known here (iss)"),
    "without an end": (lambda: token(exp=None), "a token with iss, aud, exp, iat, jti"),
    "without an address": (lambda: token(aud=None), "a token with iss"),
    "without a beginning": (lambda: token(iat=None), "a token with iss"),
    "without a name": (lambda: token(jti=None), "a token with iss"),
    "of an unknown key": (lambda: token(head={"kid": "other"}), "known here (kid)"),
    "without a key": (lambda: token(head={}), "known here (kid)"),
    "with the key of another client": (
        lambda: token(key=OTHER, head={"kid": "theirs"}),
        "known here (kid)",
    ),
    "signed by another": (lambda: token(key=OTHER), "its client has signed"),
    "with a key of its own": (
        lambda: token(key=OTHER, head={"kid": "curve", "jwk": public(OTHER, "curve")}),
        "its client has signed",
    ),
    "with an address of keys": (
        lambda: token(key=OTHER, head={"kid": "curve", "jku": "http://127.0.0.1:1/keys"}),
        "its client has signed",
    ),
    "with another algorithm": (
        lambda: token(key=NUMBERS, alg="RS384"),
        "one of the algorithms of the key: ES384",
    ),
    "with a shared secret": (
        lambda: token(key=KEYS[0]["x"] * 2, alg="HS384"),
        "one of the algorithms of the key: ES384",
    ),
    "not signed": (lambda: token(key=None, alg="none"), "one of the algorithms"),
    "changed": (lambda: token()[:-8] + "AAAAAAAA", "its client has signed"),
    "no token": (lambda: "x.y.z", "a JSON Web Token"),
    "too deep": (
        lambda: f"{token().split('.')[0]}.{jwt.utils.base64url_encode(b'[' * 4000).decode()}.AA",
        "a JSON Web Token",
    ),
    "too large": (lambda: token(sub="x" * 9000), "“Bearer” and a token"),
    "empty": (lambda: "", "“Bearer” and a token"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_token_is_refused(tokens: Tokens, name: str) -> None:
    make, said = REFUSED[name]
    made = make()
    answer = called(tokens).get(DISCOVERY, headers=bearer(made))
    assert answer.status_code == answer.json()["status"] == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"
    assert said in answer.json()["detail"]
    assert not made or made not in answer.text


def test_a_token_is_taken_once(tokens: Tokens) -> None:
    calls = called(tokens)
    once = bearer(token(jti="1"))
    assert calls.get(DISCOVERY, headers=once).status_code == 200
    again = calls.get(DISCOVERY, headers=once)
    assert again.status_code == 401
    assert "not used before" in again.text
    # The same name under another signature is the same token.
    assert calls.get(DISCOVERY, headers=bearer(token(jti="1"))).status_code == 401
    assert calls.get(DISCOVERY, headers=bearer(token(jti="2"))).status_code == 200


def test_a_token_is_remembered_for_as_long_as_it_holds(tmp_path: Path) -> None:
    now = [time.time()]
    read = Tokens.read(AT, {ISSUER: written(tmp_path)})
    kept = Tokens(AT, read.keys, lambda: now[0])
    made = token(exp=int(now[0]) + 300)
    kept.check([f"bearer {made}"], DISCOVERY)
    now[0] += 359
    with pytest.raises(Refused):
        kept.check([f"Bearer {made}"], DISCOVERY)
    now[0] += 2
    # By its own clock it has expired; by the one of this test alone it is forgotten.
    kept.check([f"Bearer {made}"], DISCOVERY)


def test_what_cannot_be_remembered_is_not_taken(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("msrisk.web.tokens._MOST_REMEMBERED", 1)
    calls = called(tokens)
    assert calls.get(DISCOVERY, headers=bearer(token())).status_code == 200
    assert calls.get(DISCOVERY, headers=bearer(token())).status_code == 503


@pytest.mark.parametrize(
    "headers", [[], [("Authorization", "Basic x")], [("Authorization", "Bearer x")] * 2], ids=str
)
@pytest.mark.parametrize("address", [DISCOVERY, VIEW, "/api/assess", "/api/openapi.json"])
def test_a_call_without_a_token_is_refused(
    tokens: Tokens, headers: list[tuple[str, str]], address: str
) -> None:
    assert called(tokens).request("POST", address, headers=headers).status_code == 401


def test_who_asks_whether_the_service_is_up_needs_no_token(tokens: Tokens) -> None:
    calls = called(tokens)
    for address in ("/health", "/ready", "/metrics"):
        assert calls.get(address).status_code == 200
    ask = {"Origin": ISSUER, "Access-Control-Request-Method": "POST"}
    assert calls.options(VIEW, headers=ask).status_code == 200
    with calls:
        assert calls.get("/health").status_code == 200


def test_no_token_is_logged(tokens: Tokens, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    made = token(iss="https://x.example", jti="Mrs Miller")
    called(tokens).get(DISCOVERY, headers=bearer(made))
    assert '"status": 401' in caplog.text
    assert made not in caplog.text


WRONG: dict[str, tuple[object, str]] = {
    "no set": ([], "a JSON Web Key Set"),
    "an empty set": ({"keys": []}, "a JSON Web Key Set"),
    "no key": ({"keys": [7]}, "keys[0]: expected a public key"),
    "a private key": (
        {"keys": [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(CURVE)) | {"kid": "x"}]},
        "keys[0]: expected a public key",
    ),
    "a secret": ({"keys": [{"kty": "oct", "k": "AAAA", "kid": "x"}]}, "a public key"),
    "no id": ({"keys": [public(CURVE, "")]}, "keys[0].kid: expected text"),
    "one id twice": ({"keys": [KEYS[0], KEYS[0]]}, "keys[1].kid: expected text"),
    "another kind": ({"keys": [{"kty": "OKP", "crv": "X25519", "kid": "x"}]}, "for one of RS256"),
    "another algorithm": ({"keys": [KEYS[0] | {"alg": "HS256"}]}, "for one of RS256"),
    "half a key": ({"keys": [{"kty": "EC", "crv": "P-384", "kid": "x"}]}, "for one of RS256"),
    "a short key": (
        {"keys": [public(rsa.generate_private_key(65537, 1024), "x")]},  # noqa: S505  # refused
        "2048 bits or more",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_keys_that_are_none_are_named(tmp_path: Path, name: str) -> None:
    told, said = WRONG[name]
    with pytest.raises(MsriskError, match="keys") as caught:
        Tokens.read(AT, {ISSUER: written(tmp_path, told)})
    assert said in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(MsriskError, match="audience") as caught:
        Tokens.read("clinic.example", {ISSUER: tmp_path / "none"})
    assert len(caught.value.problems) == 2
    with pytest.raises(MsriskError, match="clients"):
        Tokens.read(AT, {})
