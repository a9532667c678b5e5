"""A loracfg server, as a client sees it."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from http.client import HTTPException, IncompleteRead
from typing import Final, NoReturn
from urllib.parse import urlsplit

from loracfg.document.json_value import JsonObject
from loracfg.errors import LoracfgError
from loracfg.report.parse import parse_report
from loracfg.report.report import REPORT_VERSION, Report

_SECONDS: Final = 60
_MAX_BYTES: Final = 64 * 1024 * 1024
"""What is read of an answer."""
_CHECK: Final = "check the URL"
_AUTHENTICATE: Final = "pass only the address, and set `LORACFG_TOKEN` to authenticate"
_MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What parsing an answer raises if it is not what a loracfg server sends."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to the user: urllib would send the token on, and not the adapter."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER: Final = urllib.request.build_opener(_NoRedirects)


class Server:
    """A server at a URL; `LORACFG_TOKEN` is the token for it."""

    def __init__(self, url: str) -> None:
        """Check the URL.

        Raises:
            LoracfgError: if it is not an HTTP URL, or more than the place of a server.
        """
        if any(mark in url for mark in "@?#"):
            raise LoracfgError("`--server` takes no user, query or fragment", _AUTHENTICATE)
        if not _is_http(url):
            raise LoracfgError(
                f"`{url}` is not an HTTP URL", "pass one that begins with `https://`"
            )
        self._url = f"{url.rstrip('/')}/validate"

    def validate(self, body: JsonObject) -> Report:
        """Return the report on one adapter.

        Raises:
            LoracfgError: if the server does not return one.
        """
        answer = self._post(json.dumps(body).encode())
        try:
            data = json.loads(answer)
            version = data["report_version"]
            report = parse_report(data) if version == REPORT_VERSION else None
        except _MALFORMED:
            self._fail("did not return a report", _CHECK)
        if report is None:
            what = f"returned version `{version}` of the report format, not `{REPORT_VERSION}`"
            self._fail(what, "use the same release of loracfg as the server")
        if len(report.adapters) != 1:
            self._fail(f"returned {len(report.adapters)} results for one adapter", _CHECK)
        return report

    def _post(self, data: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token := os.environ.get("LORACFG_TOKEN"):
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self._url, data, headers)  # noqa: S310  # checked before
        try:
            with _OPENER.open(request, timeout=_SECONDS) as answer:
                content: bytes = answer.read(_MAX_BYTES + 1)
                if answer.length and len(content) <= _MAX_BYTES:
                    raise IncompleteRead(content, answer.length)
        except urllib.error.HTTPError as error:
            self._refuse(error)
        except HTTPException:
            self._fail("did not return a complete HTTP response", "try again")
        except OSError as error:
            self._fail(f"does not respond: {getattr(error, 'reason', error)}", _CHECK)
        if len(content) > _MAX_BYTES:
            self._fail(f"returned more than {_MAX_BYTES} bytes", _CHECK)
        return content

    def _refuse(self, error: urllib.error.HTTPError) -> NoReturn:
        """Report why the server rejected the request, in its own words if it sent any."""
        if 300 <= error.code < 400:
            self._fail("redirects, which is not followed", "pass the URL of the server itself")
        try:
            problem = json.loads(error.read(_MAX_BYTES))
            detail, advice = str(problem["detail"]), str(problem.get("help", ""))
        except (*_MALFORMED, OSError, HTTPException):
            detail, advice = error.reason, _CHECK
        self._fail(f"returned {error.code}: {detail}", advice)

    def _fail(self, what: str, advice: str) -> NoReturn:
        raise LoracfgError(f"`{self._url}` {what}", advice) from None


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as a port that is not a number
        return False
