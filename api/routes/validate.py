"""The routes that take adapters: `POST /validate`, `POST /modules` and `POST /migrate`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Depends
from loracfg_api.access import require_token
from loracfg_api.answers import CachedAnswer
from loracfg_api.body import (
    MigrateBody,
    PlaceBody,
    ValidateBody,
    ValidatePlace,
    validate_body,
)
from loracfg_api.documents import described, problems
from loracfg_api.given_bases import given_base
from loracfg_api.judging import cover, judge, plan
from loracfg_api.problems import ProblemError
from loracfg_api.reading import (
    JSON,
    media_type,
    parse_json,
    pieces,
    read_body,
    read_json,
    unsupported,
)
from loracfg_api.responses import MigrationAnswer, Modules, text_of_modules
from loracfg_api.roots import folder_at
from loracfg_api.routes.formats import FormatName, wanted_format
from loracfg_api.settings import Settings
from loracfg_api.state import CurrentState, State, state_of
from loracfg_api.submission import Submission
from loracfg_api.uploads.multipart import Form
from starlette.requests import Request
from starlette.responses import Response

from loracfg.adapter.files import Files
from loracfg.errors import LoracfgError
from loracfg.report.render import render
from loracfg.report.render.place import of_another_machine

router: Final = APIRouter(tags=["adapters"], dependencies=[Depends(require_token)])

_FORM: Final = "multipart/form-data"


@router.post("/validate", openapi_extra=described("validate"), responses=problems("validate"))
async def validate(
    request: Request,
    format: FormatName = None,  # noqa: A002  # the name in the query
) -> Response:
    """Validate adapters; for an invalid one, the answer is 200 and its status `invalid`."""
    wanted, state = wanted_format(request, format), state_of(request)  # faster than dependencies
    if media_type(request) == JSON:
        text = await _answer_to_json(request, wanted.name, state)
    else:
        submitted = await _submitted(request, state)
        text = (await state.workers.run(partial(_answer, submitted, wanted.name, state))).text
    return Response(text, media_type=wanted.media_type)


@router.post(
    "/modules",
    response_model=Modules,
    openapi_extra=described("modules"),
    responses=problems("validate"),
)
async def modules(request: Request, state: CurrentState) -> Response:
    """Show what adapters have for each module of their base."""
    submitted = await _submitted(request, state)
    text = await state.workers.run(partial(_modules, submitted, state))
    return Response(text, media_type=JSON)


@router.post(
    "/migrate",
    response_model=MigrationAnswer,
    openapi_extra=described("migrate"),
    responses=problems("migrate"),
)
async def migrate(request: Request, state: CurrentState) -> Response:
    """Convert an adapter's config to a different PEFT release."""
    body = await read_json(request, MigrateBody.model_validate, state)
    text = await state.workers.run(partial(_migration, body, state.settings))
    return Response(text, media_type=JSON)


async def _answer_to_json(request: Request, format_name: str, state: State) -> str:
    """Return the cached answer for the same bytes, or a new one."""
    data = await read_body(request, state, state.settings.max_json_bytes)
    key = state.answers.key(data, format_name)
    answer = state.answers.find(key) if key else None
    if answer is None:
        body = await parse_json(data, validate_body, state)
        submitted = partial(_submission_of_body, body, state.settings)
        answer = await state.workers.run(partial(_answer, submitted, format_name, state))
        if key and answer.is_final and not _names_folders(body):
            state.answers.add(key, answer)
    else:
        state.metrics.count_adapters(answer.statuses)
    return answer.text


def _names_folders(body: ValidateBody | ValidatePlace) -> bool:
    """Return whether a body names folders on this server, whose content may change."""
    return isinstance(body, ValidatePlace) or isinstance(body.base, PlaceBody)


async def _submitted(request: Request, state: State) -> Callable[[], Submission]:
    """Read a request; return a function that creates its submission."""
    kind = media_type(request)
    if kind == JSON:
        body = await read_json(request, validate_body, state)
        return partial(_submission_of_body, body, state.settings)
    if kind == _FORM:
        return (await _read_form(request, state)).submission
    raise unsupported(request, f"send `{JSON}` or `{_FORM}`")


async def _read_form(request: Request, state: State) -> Form:
    """Read a multipart body; archives are unpacked in a thread, since that takes time."""
    form = Form(request.headers["content-type"], state.settings)
    held = 0
    try:
        most = state.settings.max_upload_bytes
        async for piece in pieces(request, most, state.settings, state.memory):
            if form.has_archive:
                await to_thread.run_sync(form.feed, piece)
            else:
                form.feed(piece)
            state.memory.take(request.scope, form.kept_bytes - held)
            held = form.kept_bytes
    finally:
        form.close()
    return form


def _submission_of_body(body: ValidateBody | ValidatePlace, settings: Settings) -> Submission:
    adapters: dict[str, Files]
    if isinstance(body, ValidatePlace):
        adapters = {body.path: folder_at(body.path, settings)}
    else:
        adapters = {body.name: body.held()}
    return Submission(adapters, given_base(body.base, settings), body.options)


def _answer(submitted: Callable[[], Submission], format_name: str, state: State) -> CachedAnswer:
    result = judge(submitted(), state.settings, state.caches)
    statuses = tuple(adapter.status for adapter in result.report.adapters)
    state.metrics.count_adapters(statuses)
    with of_another_machine():
        text = render(result.report, format_name)
    has_crash = any(adapter.has_crash for adapter in result.report.adapters)
    return CachedAnswer(statuses, text, result.in_time and not has_crash)


def _modules(submitted: Callable[[], Submission], state: State) -> str:
    with _refusing_unreadable():
        return text_of_modules(cover(submitted(), state.settings, state.caches))


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Answer 422 if a config cannot be read."""
    try:
        yield
    except LoracfgError as error:
        raise ProblemError(422, error.message, error.help) from None


def _migration(body: MigrateBody, settings: Settings) -> str:
    files = body.held()
    with _refusing_unreadable():
        migration = plan(files, body.to, body.from_release, settings)
    return MigrationAnswer.of(migration).model_dump_json(by_alias=True)
