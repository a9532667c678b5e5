"""A loracfg server, as a client sees it."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Final, NoReturn
from urllib.parse import urlsplit

from loracfg.document.json_value import JsonObject
from loracfg.errors import LoracfgError
from loracfg.report.parse import parse_report
from loracfg.report.report import Report

_SECONDS: Final = 60
_CHECK: Final = "check the URL"


class Server:
    """A server at a URL; `LORACFG_TOKEN` is the token for it."""

    def __init__(self, url: str) -> None:
        """Check the URL.

        Raises:
            LoracfgError: if it is not an HTTP URL.
        """
        if urlsplit(url).scheme not in ("http", "https"):
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
            return parse_report(json.loads(answer))
        except (ValueError, KeyError, TypeError):
            self._fail("did not return a report", _CHECK)

    def _post(self, data: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token := os.environ.get("LORACFG_TOKEN"):
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self._url, data, headers)  # noqa: S310  # checked before
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            self._refuse(error)
        except OSError as error:
            self._fail(f"does not respond: {getattr(error, 'reason', error)}", _CHECK)

    def _refuse(self, error: urllib.error.HTTPError) -> NoReturn:
        """Report why the server rejected the request, in its own words if it sent any."""
        try:
            problem = json.load(error)
            detail, advice = str(problem["detail"]), str(problem.get("help", ""))
        except (ValueError, KeyError, TypeError):
            detail, advice = error.reason, _CHECK
        self._fail(f"returned {error.code}: {detail}", advice)

    def _fail(self, what: str, advice: str) -> NoReturn:
        raise LoracfgError(f"`{self._url}` {what}", advice) from None
