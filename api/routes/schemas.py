"""`GET /schema`: the generated JSON Schemas, as installed."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from loracfg_api.caching import answer, tag_of
from loracfg_api.documents import problems
from loracfg_api.problems import ProblemError
from starlette.requests import Request
from starlette.responses import Response

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES, find_release
from loracfg.config.schema.catalog import catalog_text
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    CATALOG,
    EDITOR,
    PLAN,
    REPORT,
    file_name,
    read_file,
)
from loracfg.errors import LoracfgError

router: Final = APIRouter(prefix="/schema", tags=["schemas"])

_NAMED: Final = {"editor": EDITOR, "report": REPORT, "plan": PLAN, "architecture": ARCHITECTURE}
_SERIES: Final = tuple(dict.fromkeys(release.rpartition(".")[0] for release in RELEASES))
_FOR_A_DAY: Final = "public, max-age=86400, immutable"
_ASK_AGAIN: Final = "public, no-cache"
_JSON: Final = "application/schema+json"

Variant = Annotated[
    Literal["strict", "open"],
    Query(description="`strict`: PEFT's type annotations; `open`: what PEFT loads."),
]


@router.get("", responses=problems("schemas"), operation_id="schemas")
def index(request: Request) -> Response:
    """List the schemas: releases, generations, digests."""
    return _answer(request, CATALOG, _ASK_AGAIN, "application/json")


@router.get(
    "/{peft_version}",
    response_class=Response,  # it is no plain `application/json`
    responses=problems("schema"),
    operation_id="schema",
)
def schema(
    request: Request,
    peft_version: Annotated[
        str,
        Path(
            description="A PEFT release, `latest`, `editor`, `report` or `architecture`.",
            json_schema_extra={"enum": [*RELEASES, *_SERIES, "latest", *_NAMED]},
        ),
    ],
    variant: Variant = "strict",
) -> Response:
    """Return the schema of a release's config files; `latest` is the newest release."""
    if peft_version in _NAMED:
        return _answer(request, _NAMED[peft_version], _ASK_AGAIN, _JSON)
    if peft_version == "latest":
        return _answer(request, file_name(PEFT_RELEASE, variant), _ASK_AGAIN, _JSON)
    try:
        release = find_release(peft_version)
    except LoracfgError as error:
        raise ProblemError(404, error.message, "`GET /schema` lists the releases") from None
    cached = _FOR_A_DAY if release == peft_version else _ASK_AGAIN
    return _answer(request, file_name(release, variant), cached, _JSON)


def _answer(request: Request, name: str, cached: str, media_type: str) -> Response:
    data, tag = _file(name)
    return answer(request, data, tag, media_type, {"Cache-Control": cached})


@cache
def _file(name: str) -> tuple[bytes, str]:
    """Return a schema file and its tag."""
    data = catalog_text().encode() if name == CATALOG else read_file(name)
    return data, tag_of(data)
