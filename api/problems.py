"""Requests that cannot be served, as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from loracfg_api.wording import sentence, wrong_values
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from loracfg.sources.archive.limits import RefusedFilesError

_SHOWN: Final = 20
_LONGEST: Final = 8192
_ADVICE: Final = "see `/openapi.json` for the format"
_TITLES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_STATUS_OF_REFUSAL: Final = {"broken": 422, "unsafe": 422, "clash": 409, "too-large": 413}


class WrongPlace(BaseModel):
    """An error at one place in the request's JSON."""

    pointer: str = Field(description="JSON pointer into the body.")
    message: str


class Problem(BaseModel):
    """A problem document: what happened, and what to do."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})

    type: str = Field("about:blank", description="Always `about:blank`; see `status`.")
    title: str
    status: int
    detail: str
    help: str | None = None
    request_id: str | None = None
    errors: list[WrongPlace] | None = None


class ProblemError(Exception):
    """A request that cannot be served: status, what happened, what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        help: str = "",  # noqa: A002  # the same word as in reports
        errors: list[WrongPlace] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.help = help
        self.errors = errors
        self.headers = dict(headers or {})


def too_large(what: str, found: int | None, most: int, unit: str = "bytes") -> ProblemError:
    """Return the problem for something that exceeds a limit of this service."""
    has = "has more" if found is None else f"has {found} {unit}, more"
    return ProblemError(
        413,
        f"{what} {has} than this service's limit of {most} {unit}",
        "raise the limit on the server",
    )


def unfit(value: object, found: Sequence[ErrorDetails]) -> ProblemError:
    """Return the problem for a body that does not have the format that the route expects.

    Args:
        value: the value of the body.
        found: the errors of pydantic.
    """
    wrong = wrong_values(value, found)
    errors = [_wrong_place(one.pointer, one.message) for one in wrong[:_SHOWN]]
    first = wrong[0]
    return wrong_at(first.pointer, first.message, first.help or _ADVICE, errors)


def wrong_at(
    pointer: str, message: str, advice: str, errors: list[WrongPlace] | None = None
) -> ProblemError:
    """Return the problem for a body with something wrong at one place, or first there."""
    place = f"`{pointer[:200]}`: " if pointer else ""
    return ProblemError(
        422, f"{place}{message}", advice, errors or [_wrong_place(pointer, message)]
    )


def _wrong_place(pointer: str, message: str) -> WrongPlace:
    """Return a place whose pointer is cut off if it is as long as only an attacker makes it."""
    return WrongPlace(pointer=pointer[:_LONGEST], message=message)


def unfit_parameter(found: Sequence[ErrorDetails]) -> ProblemError:
    """Return the problem for parameters in the path or the query that have the wrong format."""
    errors = [
        WrongPlace(pointer=f"/{one['loc'][0]}/{one['loc'][1]}", message=sentence([one]))
        for one in found[:_SHOWN]
    ]
    return ProblemError(422, sentence(found[:1], f"`{found[0]['loc'][1]}`"), _ADVICE, errors)


def busy() -> ProblemError:
    """Return the problem for a request that the service has no capacity for now."""
    headers = {"Retry-After": "5"}
    return ProblemError(503, "the service is busy", "try again later", headers=headers)


def of_refusal(error: RefusedFilesError) -> ProblemError:
    """Return the problem for files or an archive that were rejected."""
    return ProblemError(_STATUS_OF_REFUSAL[error.reason], error.message, error.help)


def document_of(problem: ProblemError, request_id: str | None = None) -> dict[str, object]:
    """Return the problem document, without the fields that say nothing."""
    return Problem(
        title=_TITLES.get(problem.status, "Error"),
        status=problem.status,
        detail=problem.detail,
        help=problem.help or None,
        request_id=request_id,
        errors=problem.errors,
    ).model_dump(exclude_none=True)
