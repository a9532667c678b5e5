"""From a version of a document to its findings, by the engine that `validate` and `plan` use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.adapter.files import Folder, LoneConfig
from loracfg.crash import show_traceback
from loracfg.document.unfinished_json import json_tokens
from loracfg.engine.fronts import engine_for
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.lsp.buffer_folder import BufferFolder, WeightHeads
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.project_lookup import ProjectLookup
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Diagnostic, Location, Region
from loracfg.rules.unjudged import crash_report, unreadable_report
from loracfg.settings.find import OWN, SHARED
from loracfg.settings.reading import read_file
from loracfg.settings.toml_file import SettingsError
from loracfg.sources.source import NO_SUCH_PATH, Source
from loracfg.sources.trainer_marks import SUFFIXES, trainer_of_text
from loracfg.training.config_source import with_method
from loracfg.urls import is_url

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import JsonObject
    from loracfg.engine.case import Case
    from loracfg.engine.engine import Engine
    from loracfg.report.report import AdapterReport
    from loracfg.training.training_plan import TrainingPlan

_SETTINGS: Final = (OWN, SHARED)
_OF_BASE: Final = (("base_model_name_or_path",), ("revision",), ("task_type",))
"""The paths of what a config says about its base."""


class Judgement(NamedTuple):
    """What is known about a version of a document.

    Attributes:
        buffer: the version.
        diagnostics: its findings, as `validate` and `plan` list them, and errors without a code.
        report: the report on it; None if it is neither an adapter nor a trainer's file.
        case: the adapter, or the one that will be trained, if it could be opened.
        plan: what the training that a trainer's file describes will do.
    """

    buffer: Buffer
    diagnostics: tuple[Diagnostic, ...] = ()
    report: AdapterReport | None = None
    case: Case | None = None
    plan: TrainingPlan | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the document is one that is judged."""
        return self.report is not None or bool(self.diagnostics) or is_settings(self.buffer)


class Surroundings(NamedTuple):
    """What else is open in the editor.

    Attributes:
        edited: the files with settings.
    """

    edited: Mapping[Path, Buffer]


@dataclass(frozen=True)
class Judge:
    """Judges versions of documents, one after the other."""

    project: ProjectLookup
    heads: WeightHeads = field(default_factory=WeightHeads)

    def judge(self, buffer: Buffer, around: Surroundings) -> Judgement:
        """Return the findings in a version of a document; the content never raises."""
        try:
            if buffer.is_adapter:
                return self._judge_adapter(buffer, around)
            if buffer.path is not None and is_settings(buffer):
                return _judge_settings(buffer, buffer.path)
            if is_trainer_file(buffer):
                return self._judge_trainer_file(buffer, around)
        except Exception as error:
            show_traceback(error)
            report = crash_report(buffer.name, error, Options().choice)
            return Judgement(buffer, report.diagnostics, report)
        return Judgement(buffer)

    def source_of(self, buffer: Buffer) -> Source:
        """Return the adapter whose config is in a buffer."""
        folder = buffer.folder
        if folder is None:
            return Source(buffer.uri, LoneConfig(buffer.data), "config")
        files = BufferFolder(Folder(folder), buffer.data, self.heads)
        return Source(str(folder), files, "folder", folder)

    def engine_at(
        self, folder: Path | None, around: Surroundings
    ) -> tuple[Engine, tuple[Diagnostic, ...]]:
        """Return the engine for the documents in a folder, and what is wrong with its settings.

        Nothing is downloaded and no tensor values are read, whatever the settings say.

        Raises:
            LoracfgError: a variable names something that does not exist.
        """
        found = self.project.settings_for(folder, around.edited)
        options = found.settings.options_for(folder)
        problems: tuple[Diagnostic, ...] = ()
        if found.error is not None and found.path not in around.edited:
            problems = (_problem(found.error),)
        if options.base is not None and is_url(options.base):
            options = options.with_arguments(base=None)
        return engine_for(options, online=False, data=False), problems

    def unfinished_base(self, buffer: Buffer, around: Surroundings) -> Architecture | None:
        """Return the base that an unfinished config names, by what can be read of it."""
        tokens = json_tokens(buffer.text) if buffer.is_adapter else []
        given: JsonObject = {
            str(one.path[0]): one.text
            for one in tokens
            if one.role == "value" and one.is_string and one.path[:1] in _OF_BASE
        }
        try:
            engine, _ = self.engine_at(buffer.folder, around)
            return engine.open_planned(with_method(given)).base.architecture
        except LoracfgError:
            return None

    def _judge_adapter(self, buffer: Buffer, around: Surroundings) -> Judgement:
        name = str(buffer.folder or buffer.uri)
        problems: tuple[Diagnostic, ...] = ()
        case = None
        try:
            engine, problems = self.engine_at(buffer.folder, around)
            case = engine.open_source(self.source_of(buffer))
            report = self._accepted(case.report, buffer, around)
        except (LoracfgError, OSError) as error:
            report = _unreadable(name, error)
        return Judgement(buffer, (*problems, *report.diagnostics), report, case)

    def _accepted(
        self, report: AdapterReport, buffer: Buffer, around: Surroundings
    ) -> AdapterReport:
        """Return a report without what the project's baseline accepts.

        Raises:
            LoracfgError: the baseline cannot be read.
        """
        path = self.project.settings_for(buffer.folder, around.edited).settings.baseline
        if path is None:
            return report
        from loracfg.settings.baseline import read_baseline

        return read_baseline(path).accept(report)

    def _judge_trainer_file(self, buffer: Buffer, around: Surroundings) -> Judgement:
        from loracfg.training.planned import Training, plan_with_case
        from loracfg.training.source_reading import source_of_text

        problems: tuple[Diagnostic, ...] = ()
        try:
            engine, problems = self.engine_at(buffer.folder, around)
            source = source_of_text(buffer.name, buffer.data, str(buffer.folder or "."))
            plan, case = plan_with_case(source, engine, Training())
        except LoracfgError as error:
            return Judgement(buffer, (*problems, _problem(error)))
        return Judgement(buffer, (*problems, *plan.report.diagnostics), plan.report, case, plan)


def is_settings(buffer: Buffer) -> bool:
    """Tell whether a document is a file that can have a project's settings."""
    return buffer.name in _SETTINGS


def is_trainer_file(buffer: Buffer) -> bool:
    """Tell whether a document seems to be the config of a trainer."""
    suffix = f".{buffer.name.rpartition('.')[2].lower()}"
    return suffix in SUFFIXES and trainer_of_text(buffer.text) is not None


def _judge_settings(buffer: Buffer, path: Path) -> Judgement:
    from loracfg.settings.toml_file import our_table, parse_toml

    data = buffer.data
    try:
        if path.name == SHARED and our_table(parse_toml(path, data)[1]) is None:
            return Judgement(buffer)
        read_file(path, data)
    except LoracfgError as error:
        if path.name == SHARED and b"loracfg" not in data:  # others check what is not ours
            return Judgement(buffer)
        return Judgement(buffer, (_problem(error),))
    return Judgement(buffer)


def _problem(error: LoracfgError) -> Diagnostic:
    """Return an error that no rule found."""
    place, message = Location(""), error.message
    if isinstance(error, SettingsError):
        at = error.place
        region = Region(at.line, at.column, at.line, at.column + 1)
        place, message = Location(str(error.path), region=region, elsewhere=True), error.problem
    return Diagnostic("", "", "error", message, place, error.help, "")


def _unreadable(name: str, error: LoracfgError | OSError) -> AdapterReport:
    if isinstance(error, LoracfgError):
        return unreadable_report(NO_SUCH_PATH, name, error.message, error.help)
    message = f"`{name}` cannot be read: {error.strerror or error}"
    return unreadable_report(NO_SUCH_PATH, name, message, "check the path and its permissions")
