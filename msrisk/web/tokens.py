"""Checks the tokens with which clients say who they are, by keys that were given, never fetched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

import jwt
from attrs import field, frozen

from msrisk.errors import MsriskError, Problem
from msrisk.web.problems import Refused

__all__ = ["LONGEST", "Tokens"]

LONGEST: Final = 3_600
"""For how many seconds a token may hold, as it must be remembered for so long."""

_LEEWAY: Final = 60
_MOST_REMEMBERED: Final = 100_000
_MOST_SIGNS: Final = 8_192
_LEAST_BITS: Final = 2_048

# By type and curve of a key. No algorithm has a secret that both sides know, and none is "none".
_ALGORITHMS: Final = {
    ("RSA", ""): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
}
_REQUIRED: Final = ("iss", "aud", "exp", "iat", "jti")
_KEYS: Final = "a JSON Web Key Set with public keys"

# By the id of a key, then by algorithm.
_Keys = Mapping[str, Mapping[str, jwt.PyJWK]]


class _Used:
    """The tokens that were used and still hold."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._ends: list[tuple[float, tuple[str, str]]] = []

    def add(self, key: tuple[str, str], until: float, now: float) -> bool:
        """Return whether a token is used for the first time, and remember it."""
        while self._ends and self._ends[0][0] < now:
            self._keys.remove(heappop(self._ends)[1])
        if key in self._keys:
            return False
        if len(self._keys) >= _MOST_REMEMBERED:
            # What cannot be remembered could be sent again.
            raise Refused(503, [Problem("Authorization", "fewer tokens at once", "more")])
        self._keys.add(key)
        heappush(self._ends, (until, key))
        return True


@frozen
class Tokens:
    """Whose tokens are taken, and for which address.

    As CDS Hooks has it: a JSON Web Token (RFC 7519), signed by the client, in the header
    Authorization of each request. `Tokens.read` makes one from files.

    Attributes:
        audience: the address of the service as its clients know it, with the prefix if it has
            one. A token has to name the address that is called, which begins so.
        keys: the public keys of each issuer, by key id and algorithm.
        now: returns the seconds since 1970.

    """

    audience: str
    keys: Mapping[str, _Keys]
    now: Callable[[], float] = time.time
    _used: _Used = field(factory=_Used, init=False, eq=False, repr=False)

    @classmethod
    def read(cls, audience: str, clients: Mapping[str, str | Path]) -> Tokens:
        """Return what checks the tokens of these clients.

        Args:
            audience: the address of the service as its clients know it.
            clients: the issuer of the tokens of each client, and the file with its public keys.

        Raises:
            MsriskError: with everything that is wrong with the address and the files.

        """
        problems: list[Problem] = []
        parts = urlsplit(audience)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            expected = "the address of this service as its clients know it, beginning with https://"
            problems.append(Problem("audience", expected, "something else"))
        if not clients:
            problems.append(Problem("clients", "at least one, with its keys", "none"))
        keys = {issuer: _keys_of(Path(file), problems) for issuer, file in clients.items()}
        if problems:
            raise MsriskError(problems)
        return cls(audience.rstrip("/"), keys)

    def check(self, authorization: list[str], path: str) -> None:
        """Let a request pass, or not.

        Args:
            authorization: the headers Authorization of the request.
            path: what is called, below the address of the service.

        Raises:
            Refused: 401 if the token is none that is taken; 503 if too many have to be remembered.

        """
        if len(authorization) != 1:
            raise _refused("one header, “Bearer” and a token", "none or several")
        scheme, _, token = authorization[0].partition(" ")
        if scheme.casefold() != "bearer" or not 0 < len(token) <= _MOST_SIGNS:
            raise _refused("“Bearer” and a token", "something else")
        now = self.now()
        issuer, key = self._key(token)
        called = f"{self.audience}{path}"
        try:
            # Feedback is called below the address of the service that it is about.
            found = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=[called, called.removesuffix("/feedback")],
                issuer=issuer,
                leeway=_LEEWAY,
                options={"require": list(_REQUIRED)},
            )
        except jwt.InvalidAudienceError:
            raise _refused("a token whose aud is the address that is called", "another") from None
        except jwt.ExpiredSignatureError:
            raise _refused("a token that still holds", "one that has expired") from None
        except jwt.ImmatureSignatureError:
            raise _refused("a token that holds already", "one of later") from None
        except jwt.MissingRequiredClaimError:
            raise _refused(f"a token with {', '.join(_REQUIRED)}", "less") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise _refused("a token that its client has signed", "another") from None
        if int(found["exp"]) > now + LONGEST + _LEEWAY:
            raise _refused(f"a token that holds for at most {LONGEST} seconds", "a longer one")
        if not self._used.add((issuer, found["jti"]), int(found["exp"]) + _LEEWAY, now):
            raise _refused("a token that was not used before (a jti of its own)", "one that was")

    def _key(self, token: str) -> tuple[str, jwt.PyJWK]:
        """Return the issuer that a token names, and the key; nothing of it is true yet."""
        try:
            head = jwt.get_unverified_header(token)
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise _refused("a JSON Web Token", "something else") from None
        keys = self.keys.get(issuer) if isinstance(issuer, str) else None
        if keys is None:
            raise _refused("a token of a client that is known here (iss)", "another")
        # The keys that a token names or brings itself (jku, jwk, x5u, x5c) are never looked at.
        algorithms = keys.get(head.get("kid", ""))
        if algorithms is None:
            raise _refused("a key that is known here (kid)", "another")
        key = algorithms.get(str(head.get("alg")))
        if key is None:
            raise _refused(f"one of the algorithms of the key: {', '.join(algorithms)}", "another")
        return cast("str", issuer), key


def _refused(expected: str, got: str) -> Refused:
    return Refused(401, [Problem("Authorization", expected, got)])


def _keys_of(file: Path, problems: list[Problem]) -> _Keys:
    """Return the keys in a file; what is wrong with them is noted."""
    try:
        told = json.loads(file.read_bytes())
    except (OSError, ValueError):
        problems.append(Problem(str(file), f"a file with {_KEYS}", "none that can be read"))
        return {}
    listed = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not listed:
        problems.append(Problem(str(file), _KEYS, "something else"))
        return {}
    found: dict[str, Mapping[str, jwt.PyJWK]] = {}
    for at, one in enumerate(listed):
        where = f"{file}: keys[{at}]"
        if not isinstance(one, dict) or "d" in one or "k" in one:
            problems.append(Problem(where, "a public key", "a secret one or something else"))
            continue
        id_ = one.get("kid")
        if not isinstance(id_, str) or not id_ or id_ in found:
            problems.append(Problem(f"{where}.kid", "text that no other key has", "another"))
            continue
        found[id_] = _by_algorithm(one, where, problems)
    return found


def _by_algorithm(
    told: Mapping[str, object], where: str, problems: list[Problem]
) -> Mapping[str, jwt.PyJWK]:
    """Return a key for each algorithm that it may be used with."""
    possible = _ALGORITHMS.get((str(told.get("kty")), str(told.get("crv", ""))), ())
    allowed = [one for one in possible if told.get("alg", one) == one]
    try:
        made = {one: jwt.PyJWK(dict(told), one) for one in allowed}
    except (jwt.PyJWTError, ValueError, TypeError):
        made = {}
    bits = min((getattr(one.key, "key_size", 0) for one in made.values()), default=0)
    if not made or (told.get("kty") == "RSA" and bits < _LEAST_BITS):
        every = ", ".join(name for names in _ALGORITHMS.values() for name in names)
        expected = f"a key of {_LEAST_BITS} bits or more, or a curve, for one of {every}"
        problems.append(Problem(where, expected, "another"))
    return made
