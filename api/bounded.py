"""Routes that read their JSON body within the limits of the service, before FastAPI does."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Final

from fastapi.routing import APIRoute
from loracfg_api.access import check_token
from loracfg_api.problems import ProblemError
from loracfg_api.reading import read_body, value_within
from loracfg_api.state import state_of
from starlette.requests import Request
from starlette.responses import Response

from loracfg.document.display import printable

JSON: Final = "application/json"


class BoundedRoute(APIRoute):
    """A route that reads its body itself, since FastAPI limits neither size nor time."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """Return a handler that reads the body and then calls FastAPI's."""
        handler = super().get_route_handler()
        if self.body_field is None:
            return handler

        async def read_first(request: Request) -> Response:
            return await handler(await _read(request))

        return read_first


async def _read(request: Request) -> Request:
    """Return the request with its body, and the value of the body.

    Raises:
        ProblemError: if the token is missing, or the body is not JSON or exceeds a limit.
    """
    check_token(request)
    if media_type(request) != JSON:
        raise unsupported(request, f"send `{JSON}`")
    state = state_of(request)
    read = _ReadRequest(request.scope, request.receive)
    read.data = await read_body(request, state)
    read.value = await value_within(read.data, state)
    return read


class _ReadRequest(Request):
    """A request whose body was read."""

    data: bytearray = bytearray()
    value: object = None

    async def body(self) -> bytes:
        """Return the body."""
        return bytes(self.data)

    async def json(self) -> object:
        """Return the value of the body."""
        return self.value


def unsupported(request: Request, advice: str) -> ProblemError:
    """Return the problem for a body of a type that the route does not take."""
    kind = media_type(request)
    has = f"the body has the content type `{printable(kind, 80)}`"
    return ProblemError(415, has if kind else "the request has no `Content-Type`", advice)


def media_type(request: Request) -> str:
    """Return the media type of a body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
