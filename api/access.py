"""Authentication: a request must carry the token, if the operator has set one."""

from __future__ import annotations

import hmac
from typing import Final

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from loracfg_api.problems import ProblemError
from loracfg_api.state import state_of
from starlette.requests import HTTPConnection


class _Token(HTTPBearer):
    """A dependency that checks the token itself, as FastAPI takes its time for nested ones."""

    async def __call__(self, request: HTTPConnection) -> HTTPAuthorizationCredentials | None:
        """Reject a request without the token, if one is set.

        Raises:
            ProblemError: 401.
        """
        check_token(request)
        return None


require_token: Final = _Token(scheme_name="token")
"""Rejects a request without the token, if one is set; a dependency of routes."""


def check_token(request: HTTPConnection) -> None:
    """Reject a request without the token, before its body is read.

    Raises:
        ProblemError: 401.
    """
    token = state_of(request).settings.token
    if token is None:
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = token.get_secret_value().encode()
    has_token = scheme.lower() == "bearer" and bool(given.strip())
    if has_token and hmac.compare_digest(given.strip().encode(), wanted):
        return
    raise ProblemError(
        401,
        "the token is wrong" if has_token else "this service requires a token",
        "send `Authorization: Bearer TOKEN`",
        headers={"WWW-Authenticate": "Bearer"},
    )
