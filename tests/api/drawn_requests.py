"""Random requests from the OpenAPI document, single and in sequence, find no bug.

`test_drawn_requests.py` runs these in a process of their own: making the requests takes ten seconds
when tests are collected, which is done by every process.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from loracfg_api.app import create_app
from loracfg_api.settings import Settings
from loracfg_api.submission import CODES
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: Any) -> None:
    """Take from the document what costs minutes and finds nothing here.

    - The largest length of names moves into their pattern: Schemathesis lengthens no pattern that
      looks ahead, and would search strings of 1,024 characters for a minute to find none.
      `tests/api/test_problems.py` has names at the limit.
    - Of 500 codes, prefixes and names of rules, a few remain: Schemathesis would select and ignore
      each on every route. `test_drawn_requests.py` has all.
    """
    shorten(raw_schema)


def shorten(schema: Any) -> None:
    inner = schema if isinstance(schema, list) else []
    if isinstance(schema, dict):
        pattern, values = schema.get("pattern"), schema.get("enum")
        if isinstance(pattern, str) and "(?!" in pattern and "maxLength" in schema:
            start = pattern.removesuffix("]+$")
            assert start != pattern
            schema["pattern"] = f"{start}]{{1,{schema.pop('maxLength')}}}$"
        if values == [*CODES]:
            schema["enum"] = values[::50]
        inner = [*schema.values()]
    for value in inner:
        shorten(value)


APP = create_app(Settings(access_log=False))
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("adapter/adapter_config.json", content)
    return file.getvalue()


def tarred(mode: str) -> Callable[[bytes], bytes]:
    def make(content: bytes) -> bytes:
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
            entry = tarfile.TarInfo("adapter/adapter_config.json")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        return file.getvalue()

    return make


for media_type, make in (
    ("application/zip", zipped),
    ("application/x-tar", tarred("w")),
    ("application/gzip", tarred("w:gz")),
):
    schemathesis.openapi.media_type(media_type, st.binary().map(make))


def beside_the_point(case: Any) -> list[Any]:
    """Return the checks that no answer to a request can pass."""
    found = []
    if case.path in ("/migrate", "/modules", "/plan"):  # no schema says which configs can be read
        found.append(positive_data_acceptance)
    if case.media_type == "multipart/form-data":  # all in it is text or bytes, of whatever type
        found.append(negative_data_rejection)
    return found


@SCHEMA.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_drawn_requests(case: Any) -> None:
    case.call_and_validate(excluded_checks=beside_the_point(case))


class Sequences(SCHEMA.as_state_machine()):  # type: ignore[misc]
    """Requests that take what they need from the answers to earlier ones."""

    def validate_response(self, response: Any, case: Any, *_: Any, **options: Any) -> None:
        case.validate_response(
            response,
            excluded_checks=beside_the_point(case),
            transport_kwargs=options or None,
            recorder=self.recorder,
        )


def test_drawn_sequences() -> None:
    Sequences.run()
