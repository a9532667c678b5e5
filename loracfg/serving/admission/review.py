"""AdmissionReviews: the request in one, and the answer to it (`admission.k8s.io/v1`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.admission.resources import text_at, value_at

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject

API_VERSION: Final = "admission.k8s.io/v1"
KIND: Final = "AdmissionReview"
_MOST_WARNINGS: Final = 10
_WARNING: Final = 250
"""Characters of a warning; the API server cuts them at 256, and all of them at 4,096."""
_MESSAGE: Final = 2_000
_UID: Final = 256


class ReviewRequest(NamedTuple):
    """The request in a review.

    Attributes:
        uid: its identifier, which the answer repeats.
        operation: `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
        subresource: the part of the resource that it is about, such as `status`; empty for all.
        new: the resource as it will be.
        old: the resource as it is; None for a new one.
    """

    uid: str
    operation: str
    subresource: str
    new: object
    old: object

    @property
    def is_about_content(self) -> bool:
        """Whether it decides what a resource says, and the resource is not being deleted."""
        is_written = self.operation in ("CREATE", "UPDATE") and not self.subresource
        return is_written and value_at(self.new, "metadata", "deletionTimestamp") is None


class Ruling(NamedTuple):
    """The answer to a request.

    Attributes:
        allowed: whether the resource may be written.
        message: why not; empty if it may.
        code: the HTTP status that the client of the API server gets; 0 if it may.
        warnings: what the client should know.
        annotations: what the audit log should have; the API server puts the webhook's name before
            each key.
    """

    allowed: bool
    message: str = ""
    code: int = 0
    warnings: tuple[str, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()


_REASONS: Final = {422: "Invalid", 503: "ServiceUnavailable"}
"""The reasons that `Status` has for the codes that are used here (`meta/v1`)."""


def read_review(value: object) -> ReviewRequest:
    """Return the request in an AdmissionReview.

    Args:
        value: the JSON of the review.

    Raises:
        LoracfgError: it is not a review, or one of another version.
    """
    version, kind = text_at(value, "apiVersion"), text_at(value, "kind")
    if (version, kind) != (API_VERSION, KIND):
        named = printable(f"{version or 'none'} {kind or 'none'}")
        message = f"the body is not an {KIND} of {API_VERSION}, but `{named}`"
        raise LoracfgError(message, "set `admissionReviewVersions: [v1]` for the webhook")
    uid = text_at(value, "request", "uid")
    operation = text_at(value, "request", "operation")
    if uid is None or operation is None or len(uid) > _UID:
        message = f"the {KIND} has no `request` with `uid` and `operation`"
        raise LoracfgError(message, "send it as the API server does")
    return ReviewRequest(
        uid,
        operation,
        text_at(value, "request", "subResource") or "",
        value_at(value, "request", "object"),
        value_at(value, "request", "oldObject"),
    )


def answer(uid: str, ruling: Ruling) -> JsonObject:
    """Return the AdmissionReview with the answer to a request."""
    response: JsonObject = {"uid": uid, "allowed": ruling.allowed}
    if not ruling.allowed:
        response["status"] = {
            "status": "Failure",
            "message": printable(ruling.message, _MESSAGE),
            "reason": _REASONS[ruling.code],
            "code": ruling.code,
        }
    if ruling.warnings:
        shown = [printable(one, _WARNING) for one in ruling.warnings[:_MOST_WARNINGS]]
        if hidden := len(ruling.warnings) - len(shown):
            shown[-1] = f"{hidden + 1} more warnings"
        response["warnings"] = list(shown)
    if ruling.annotations:
        response["auditAnnotations"] = {
            key: printable(text, 500) for key, text in ruling.annotations
        }
    return {"apiVersion": API_VERSION, "kind": KIND, "response": response}
