"""Multipart bodies: the files of an adapter or an archive of adapters, a base, and options."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice
from typing import Any, Final

from loracfg_api.problems import ProblemError, too_large, unfit
from loracfg_api.settings import Settings
from loracfg_api.submission import ADAPTER, MOST_CODES, Submission, ValidateOptions
from loracfg_api.uploads.bases import BASE, base_of_files, base_of_type, part_of_base
from pydantic import ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from loracfg.base.finding.base_folder import CONFIG, FACTS
from loracfg.base.search import UploadedBase
from loracfg.document.display import printable
from loracfg.sources.archive.held import HeldFile, HeldFiles
from loracfg.sources.archive.keeper import Allowance, FilePart, Keeper, part_of
from loracfg.sources.archive.member_names import MAX_NAME, adapters_in, refuse_clashes, sound_name
from loracfg.sources.archive.opened import Archive
from loracfg.sources.archive.unpacked import Unpacker

_MAX_FIELD: Final = 16 * 1024
_SINGLE: Final = ("name", "class", "peft", "preview")
_LISTS: Final = ("select", "ignore")
_REPEATED: Final = (*_LISTS, "for")
_FILES: Final = ("file", "archive", BASE)
_BOOLEANS: Final = {"true": True, "false": False}


class Form:
    """A multipart body as it arrives; only the parts of files that are read stay in memory."""

    def __init__(self, content_type: str, settings: Settings) -> None:
        """Begin a body.

        Raises:
            ProblemError: if the content type has no boundary, or one that is too long.
        """
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            message = "the content type has no `boundary`"
            raise ProblemError(400, message, "let the HTTP client set the content type")
        self.has_archive = False
        self._settings = settings
        self._kept = Allowance(settings.max_kept_bytes)
        self._files: dict[str, HeldFile] = {}
        self._base: dict[str, HeldFile] = {}
        self._archive: Archive | None = None
        self._values: dict[str, list[str]] = {}
        self._header: dict[str, bytes] = {}
        self._field = self._value = b""
        self._sink: Callable[[bytes], None] = _ignore
        self._close: Callable[[], None] = _do_nothing
        self._is_complete = False
        try:
            self._parser = MultipartParser(boundary, _callbacks(self))
        except FormParserError as error:
            raise _broken(error) from None

    def close(self) -> None:
        """Drop references back to the form, so that its files are freed at once."""
        del self._parser
        self._sink, self._close = _ignore, _do_nothing

    @property
    def kept_bytes(self) -> int:
        """The number of bytes kept so far."""
        return self._kept.bytes

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            ProblemError: if it is broken.
            RefusedError: if a file is unsafe or too large.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _broken(error) from None

    def submission(self) -> Submission:
        """Return what was sent, at the end of the body.

        Raises:
            ProblemError: if it cannot be validated.
        """
        if not self._is_complete:
            raise ProblemError(400, "the multipart body was cut off", "send it again")
        if self._archive and self._files:
            raise ProblemError(
                409, "`file` and `archive` cannot be combined", "send only one of them"
            )
        files = self._archive.files() if self._archive else self._files
        refuse_clashes(name.rstrip("/") for name in files)
        name = (self._values.get("name") or [ADAPTER])[0]
        if len(name) > MAX_NAME:
            message = f"`name` has {len(name)} characters, more than {MAX_NAME}"
            raise ProblemError(422, message, "shorten it")
        found = adapters_in(files)
        if len(found) > self._settings.max_adapters:
            raise too_large("the request", len(found), self._settings.max_adapters, "adapters")
        adapters = {home or name: HeldFiles(inside) for home, inside in found.items()}
        return Submission(adapters, self._given(), self._options())

    def _given(self) -> UploadedBase | None:
        named = self._values.get(BASE)
        if named and self._base:
            message = "`base` is both a model type and files"
            raise ProblemError(422, message, "send only one of them")
        if named:
            return base_of_type(named[0])
        if not self._base:
            return None
        kept = {name: part_of_base(name) for name in self._base}
        whole = [name for name, part in kept.items() if part is FilePart.WHOLE]
        facts = next((self._base[name].head for name in whole if name.endswith(FACTS)), None)
        configs = [name for name in whole if not name.endswith(FACTS)]
        config = next((n for n in configs if n.endswith(CONFIG)), *configs[:1]) if configs else None
        weights = {n: self._base[n] for n, part in kept.items() if part is FilePart.HEADER}
        alone = config if config and len(self._base) == 1 else None
        home = next(iter(self._base)).rpartition("/")[0]
        content = self._base[config].head if config else None
        inside = {name.rpartition("/")[2]: held for name, held in weights.items()}
        return base_of_files(alone or home or BASE, content, inside, facts)

    def _options(self) -> ValidateOptions:
        values: dict[str, Any] = {k: v[0] for k, v in self._values.items() if k in _SINGLE[1:]}
        for key in _LISTS:
            entries = (entry.split(",") for entry in self._values.get(key, ()))
            few = islice(chain.from_iterable(entries), MOST_CODES + 1)
            values[key] = [code.strip() for code in few]
        if "preview" in values:
            values["preview"] = _BOOLEANS.get(values["preview"], values["preview"])
        if "for" in self._values:
            values["for"] = self._values["for"]
        try:
            return ValidateOptions.model_validate(values)
        except ValidationError as error:
            raise unfit(values, error.errors()) from None

    def _on_part_begin(self) -> None:
        self._header = {}

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._header[self._field.decode("latin-1").lower()] = self._value
        self._field = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._header.get("content-disposition"))
        field, name = _text(options.get(b"name", b"")), options.get(b"filename")
        if name is None:
            self._begin_value(field)
        else:
            self._begin_file(field, _text(name))

    def _begin_value(self, field: str) -> None:
        if field in _FILES and field != BASE:
            message = f"the field `{field}` has no file name"
            raise ProblemError(422, message, "send it as a file, with its name")
        if field not in (*_SINGLE, *_REPEATED, BASE):
            known = ", ".join(f"`{one}`" for one in (*_FILES, *_SINGLE, *_REPEATED[:-1]))
            advice = f"use {known} or `{_REPEATED[-1]}`"
            raise ProblemError(422, f"unknown field `{printable(field, 80)}`", advice)
        values = self._values.setdefault(field, [])
        if len(values) >= (1000 if field in _REPEATED else 1):
            raise ProblemError(422, f"`{field}` is sent too often", "send it once")
        value = bytearray()

        def keep(data: bytes) -> None:
            self._kept.add(len(data))
            value.extend(data)
            if len(value) > _MAX_FIELD:
                raise too_large(f"`{field}`", None, _MAX_FIELD)

        self._sink, self._close = keep, lambda: values.append(_text(bytes(value)))

    def _begin_file(self, field: str, name: str) -> None:
        if field not in _FILES:
            advice = "use `file`, `archive` or `base`"
            raise ProblemError(422, f"unknown file field `{printable(field, 80)}`", advice)
        if field == "archive":
            self._begin_archive()
            return
        name = sound_name(name)
        found = self._base if field == BASE else self._files
        if name in found:
            raise ProblemError(409, f"two files are named `{name}`", "send each file once")
        if len(found) >= self._settings.max_files:
            raise too_large("the request", None, self._settings.max_files, "files")
        part = part_of_base(name) if field == BASE else part_of(name)
        keeper = Keeper(name, part, self._settings.limits, self._kept)

        def close() -> None:
            found[name] = keeper.held()

        self._sink, self._close = keeper.feed, close

    def _begin_archive(self) -> None:
        if self._archive is not None:
            raise ProblemError(422, "there is more than one archive", "send a request for each")
        self._archive = Archive(Unpacker(self._settings.limits, self._kept))
        self.has_archive = True
        self._sink, self._close = self._archive.feed, _do_nothing

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._sink(data[start:end])

    def _on_part_end(self) -> None:
        self._close()
        self._sink = _ignore

    def _on_end(self) -> None:
        self._is_complete = True


def _ignore(data: bytes) -> None:
    """Ignore bytes outside of parts."""


def _do_nothing() -> None:
    """Do nothing at the end of a part."""


def _callbacks(form: Form) -> Any:
    names = (
        "on_part_begin",
        "on_header_field",
        "on_header_value",
        "on_header_end",
        "on_headers_finished",
        "on_part_data",
        "on_part_end",
        "on_end",
    )
    return {name: getattr(form, f"_{name}") for name in names}


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ProblemError(422, "a field or name is not UTF-8", "encode it as UTF-8") from None


def _broken(error: FormParserError) -> ProblemError:
    return ProblemError(400, f"the multipart body cannot be read: {error}", "send it again")
