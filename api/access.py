"""Authentication: a request must carry the token, if the operator has set one."""

from __future__ import annotations

import hmac
from typing import Annotated, Final

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from loracfg_api.problems import ProblemError
from loracfg_api.state import state_of
from starlette.requests import Request

_BEARER: Final = HTTPBearer(auto_error=False, scheme_name="token")


async def require_token(
    request: Request,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> None:
    """Reject a request without the token, if one is set; a dependency of routes.

    Raises:
        ProblemError: 401.
    """
    check_token(request)


def check_token(request: Request) -> None:
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
