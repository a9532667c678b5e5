"""The page at `/`, and its files at `/page`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from loracfg_api.caching import answer, tag_of
from loracfg_api.problems import ProblemError
from starlette.requests import Request
from starlette.responses import Response

router: Final = APIRouter(include_in_schema=False)

_INDEX: Final = "index.html"
_MODULES: Final = (
    "body",
    "chosen",
    "dom",
    "engine",
    "examples",
    "files",
    "grid",
    "layout",
    "listing",
    "main",
    "on_service",
    "problem",
    "report",
    "rules",
    "saving",
    "service",
    "slices",
    "snippet",
    "sorting",
    "trying",
    "views",
)
_MEDIA_TYPES: Final = {
    _INDEX: "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **{f"{name}.js": "text/javascript; charset=utf-8" for name in _MODULES},
}
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


@router.get("/")
async def index(request: Request) -> Response:
    """Return the page."""
    return _answer(request, _INDEX, {"Content-Security-Policy": _POLICY})


@router.get("/page/{name}")
async def part(request: Request, name: str) -> Response:
    """Return a file of the page."""
    if name not in _MEDIA_TYPES or name == _INDEX:
        raise ProblemError(404, f"the page has no file `{name[:80]}`", "open the page at `/`")
    return _answer(request, name, {})


def _answer(request: Request, name: str, more: dict[str, str]) -> Response:
    data, tag = _file(name)
    return answer(request, data, tag, _MEDIA_TYPES[name], {"Cache-Control": "no-cache", **more})


@cache
def _file(name: str) -> tuple[bytes, str]:
    """Return a file of the page and its tag."""
    data = files("loracfg_api").joinpath("page", name).read_bytes()
    return data, tag_of(data)
