"""Answers requests of the page inside the browser, as the service would over HTTP.

The worker of the page calls `answer` with the path of a route and the text of a JSON body, and gets
a status and the text of the service's answer. Neither FastAPI nor a network is involved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from loracfg_api.body import PlaceBody, ValidateBody, ValidatePlace, validate_body
from loracfg_api.catalogue_answers import base_page, base_types, rule_page, rule_summaries
from loracfg_api.json_values import parsed
from loracfg_api.judging import cover, judge
from loracfg_api.problems import ProblemError, document_of, of_refusal
from loracfg_api.responses import text_of_modules
from loracfg_api.static_page.hub_ids import hub_folder, named_base, refused
from loracfg_api.static_page.pattern_steps import StepClock, matching_in_steps
from loracfg_api.submission import Submission
from loracfg_api.uploads.bases import base_of_type

from loracfg.adapter.files import Files
from loracfg.base.search import UploadedBase
from loracfg.engine.caches import Caches
from loracfg.errors import LoracfgError
from loracfg.planning.patterns import PatternBudget
from loracfg.report.audience import without_commands
from loracfg.report.formats import FORMATS
from loracfg.report.render import render
from loracfg.report.render.place import of_another_machine
from loracfg.sources.archive.held import HeldFiles
from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import Limits, RefusedFilesError
from loracfg.sources.archive.member_names import adapters_in, refuse_clashes
from loracfg.sources.archive.opened import Archive
from loracfg.sources.archive.unpacked import Unpacker

MOST_VALUES: Final = 2_000_000
"""The most values in a body, nested ones included; a tab of a browser has a few GB."""


@dataclass(frozen=True)
class BrowserLimits:
    """What one request may take; times are CPU time."""

    pattern_seconds: float = 2
    request_seconds: float = 60
    max_tensors: int = 200_000
    max_modules: int = 200_000
    archive: Limits = field(default_factory=Limits)


class PageAnswer(NamedTuple):
    """What the service would answer."""

    status: int
    content: str


class ByteArray(Protocol):
    """An array of bytes in JavaScript."""

    def to_bytes(self) -> bytes:
        """Return a copy of the bytes."""


class UploadedArchive:
    """An archive that the worker passes piece by piece; only what is read of it stays in memory."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._archive = Archive(Unpacker(limits, Allowance(limits.max_kept_bytes)))

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            RefusedFilesError: if the archive is broken, unsafe or too large.
        """
        self._archive.feed(data)

    def adapters(self, name: str) -> dict[str, Files]:
        """Return the adapters in the complete archive; one at its top gets this name.

        Raises:
            RefusedFilesError: if the archive is broken, unsafe or too large.
        """
        files = self._archive.files()
        refuse_clashes(one.rstrip("/") for one in files)
        found = adapters_in(files)
        if len(found) > self._limits.max_adapters:
            raise ProblemError(
                413,
                f"the archive has {len(found)} adapters, more than {self._limits.max_adapters}",
                "unpack it, and choose the folders of a few adapters",
            )
        return {home or name: HeldFiles(inside) for home, inside in found.items()}


class Browser:
    """What stays between requests of one page: caches, and the archive that is being read."""

    def __init__(self, clock: StepClock | None, limits: BrowserLimits | None = None) -> None:
        """Create it.

        Args:
            clock: counts the steps of patterns; None where there are processes for slow ones.
            limits: the limits of a request.
        """
        self._limits = limits or BrowserLimits()
        self._apart = None if clock is None else matching_in_steps(clock)
        self._caches = Caches()
        self._archive: UploadedArchive | None = None

    def begin_archive(self) -> None:
        """Begin an archive, which the next request with a body is about."""
        self._archive = UploadedArchive(self._limits.archive)

    def feed_archive(self, data: ByteArray) -> PageAnswer | None:
        """Take more bytes of the archive; return a problem if it is rejected."""
        assert self._archive is not None
        try:
            self._archive.feed(data.to_bytes())
        except RefusedFilesError as error:
            self._archive = None
            return _problem(of_refusal(error))
        return None

    def answer(self, address: str, body: str | None) -> PageAnswer:
        """Answer a request.

        Args:
            address: path and query of the route, such as `validate?format=markdown`.
            body: the JSON of a `POST`; None for a `GET`.
        """
        try:
            split = urlsplit(address)
            path, query = unquote(split.path), parse_qs(split.query)
            with without_commands():
                text = _got(path, query) if body is None else self._posted(path, query, body)
        except ProblemError as problem:
            return _problem(problem)
        except RefusedFilesError as error:
            return _problem(of_refusal(error))
        except LoracfgError as error:
            return _problem(ProblemError(422, error.message, error.help))
        return PageAnswer(200, text)

    def _posted(self, path: str, query: Mapping[str, list[str]], body: str) -> str:
        routes = {"validate": self._validate, "modules": self._modules, "hub-base": _named_base}
        route = routes.get(path)
        if route is None:
            raise _no_route(path)
        submission = self._submission(body)
        return route(submission, query)

    def _submission(self, text: str) -> Submission:
        body = parsed(text.encode("utf-8", "surrogatepass"), validate_body, MOST_VALUES)
        if isinstance(body, ValidatePlace) or isinstance(body.base, PlaceBody):
            raise ProblemError(422, "the page reads no folder by its path", "choose its files")
        archive, self._archive = self._archive, None
        adapters = {body.name: body.held()} if archive is None else archive.adapters(body.name)
        return Submission(adapters, _base_of(body), body.options)

    def _validate(self, submission: Submission, query: Mapping[str, list[str]]) -> str:
        name = query.get("format", ["json"])[0]
        if name not in FORMATS:
            raise ProblemError(422, f"there is no format `{name}`", "use `json` or `markdown`")
        budget = PatternBudget(self._limits.pattern_seconds, self._apart)
        with of_another_machine():
            result = judge(submission, self._limits, self._caches, budget)
            return render(result.report, name)

    def _modules(self, submission: Submission, _: Mapping[str, list[str]]) -> str:
        budget = PatternBudget(self._limits.pattern_seconds, self._apart)
        return text_of_modules(cover(submission, self._limits, self._caches, budget))


def _base_of(body: ValidateBody) -> UploadedBase | None:
    if isinstance(body.base, str):
        return base_of_type(body.base)
    assert not isinstance(body.base, PlaceBody)
    if body.base and body.base.facts is not None:
        raise ProblemError(422, "the page reads no facts", "send the base's config")
    return body.base.given() if body.base else None


def _named_base(submission: Submission, _: Mapping[str, list[str]]) -> str:
    (files,) = submission.adapters.values()
    return named_base(files).model_dump_json()


def _got(path: str, query: Mapping[str, list[str]]) -> str:
    if path == "hub-refused":
        raise refused({name: values[0] for name, values in query.items()})
    first, _, rest = path.partition("/")
    route = _LISTS.get(first) if not rest else None
    if route is not None:
        return route()
    page = _PAGES.get(first) if rest else None
    if page is None:
        raise _no_route(path)
    return page(rest)


def _rules() -> str:
    return json.dumps([one.model_dump(mode="json") for one in rule_summaries()])


def _bases() -> str:
    return json.dumps([one.model_dump(mode="json") for one in base_types()])


_LISTS: Final[Mapping[str, Callable[[], str]]] = {"rules": _rules, "bases": _bases}
_PAGES: Final[Mapping[str, Callable[[str], str]]] = {
    "hub": lambda text: hub_folder(text).model_dump_json(),
    "rules": lambda code: rule_page(code).model_dump_json(),
    "bases": lambda model_type: base_page(model_type).model_dump_json(),
}


def _no_route(path: str) -> ProblemError:
    return ProblemError(404, f"the page has nothing at `{path[:80]}`", "")


def _problem(problem: ProblemError) -> PageAnswer:
    return PageAnswer(problem.status, json.dumps(document_of(problem)))
