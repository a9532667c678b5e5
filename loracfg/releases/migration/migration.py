"""Plan a migration: all steps from a config to a config for another release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loracfg.adapter.directory import Adapter, check_config, check_method
from loracfg.config import CONFIG_NAME
from loracfg.config.history.releases import at_least
from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.edit import apply_edits
from loracfg.document.json_document import Document, read_document
from loracfg.errors import LoracfgError
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.releases.dating import written_by
from loracfg.releases.loading import reasons_in
from loracfg.releases.migration.field_values import convert_values, name_release
from loracfg.releases.migration.keys import remove_unknown, write_defaults
from loracfg.releases.migration.migrated_config import Loss, MigratedConfig, MigrationStep
from loracfg.releases.migration.same_layers import keep_layers
from loracfg.releases.outcome import Effect, Reason
from loracfg.releases.release_reading import unknown_keys
from loracfg.releases.written_tensors import tensor_reasons, weights_of

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject


@dataclass(frozen=True)
class Migration:
    """A config for another release: its text, and the steps that lead to it.

    `unchecked` is what could not be checked without weights.
    """

    source: str
    target: str
    before: str
    after: str
    steps: tuple[MigrationStep, ...] = ()
    unchecked: tuple[str, ...] = ()

    def of(self, loss: Loss) -> list[MigrationStep]:
        """Return the steps with this loss."""
        return [step for step in self.steps if step.loss is loss]

    def to_dict(self) -> JsonObject:
        """Return the migration as JSON data."""
        return {
            "from": self.source,
            "to": self.target,
            "steps": [step.to_dict() for step in self.steps],
            "not_checked": list(self.unchecked),
            "config": self.after,
        }


def plan_migration(
    adapter: Adapter, target: str, source: str | None = None, budget: PatternBudget | None = None
) -> Migration:
    """Plan the steps to a config with the same effect in the release `target`; writes nothing.

    The file is treated as written by the release `source` (default: detected). It does not change
    if `target` may have written it and knows all its keys.

    Raises:
        LoracfgError: if no config of a LoRA adapter can be read, or its patterns take too long.
    """
    document = adapter.document
    check_method(adapter)
    check_config(adapter)
    if document is None or adapter.reading is None:
        message = f"there is no `{CONFIG_NAME}` of a LoRA adapter"
        raise LoracfgError(message, "run `loracfg validate` to see what is wrong")
    source = source or _source(adapter, target)
    budget = budget or PatternBudget()
    draft = MigratedConfig(
        source, target, document.value, adapter.table.adapted_paths, _saved_paths(adapter)
    )
    try:
        write_defaults(draft)
        convert_values(draft)
        remove_unknown(draft)
        keep_layers(draft, budget)
        if source != target:
            name_release(draft)
        _note_weights(draft, adapter)
        after = apply_edits(document, [step.change for step in draft.steps if step.change])
        _note_rest(draft, adapter, after, budget)
    except (PatternTimeoutError, re.error) as error:
        raise LoracfgError(f"the patterns of the config cannot be matched: {error}") from None
    return Migration(
        source, target, document.text, after, tuple(draft.steps), tuple(draft.unchecked)
    )


def _saved_paths(adapter: Adapter) -> tuple[str, ...]:
    """Return the modules whose own tensors, not those of an adapter, are in the file."""
    saved = {t.path for t in adapter.names.values() if t.prefix and not t.is_adapter}
    return tuple(sorted(saved - adapter.module_paths))


def _source(adapter: Adapter, target: str) -> str:
    dating = written_by(adapter)
    assert dating is not None
    assert adapter.document is not None
    may_be_target = target in dating.releases and not unknown_keys(adapter.document.value, target)
    return target if may_be_target else dating.newest


def _note_weights(draft: MigratedConfig, adapter: Adapter) -> None:
    """Record problems that can only be solved by changing the weights."""
    weights = weights_of(adapter, draft.source)
    known = {reason.message for reason in tensor_reasons(weights, draft.source, draft.source)}
    for reason in tensor_reasons(weights, draft.target, draft.source):
        if reason.message not in known:
            _note(draft, reason, "; the weights would have to change too")
    if draft.paths:
        return
    crossed = [r for r in ("0.7.0", "0.19.1") if _crosses(draft, r)]
    if "0.7.0" in crossed and draft.values.get("bias", "none") != "none":
        draft.leave_unchecked("the names of biases, which changed in PEFT 0.7.0 (no weights)")
    if "0.19.1" in crossed and draft.values.get("target_parameters"):
        draft.leave_unchecked(
            "the orientation of stacked experts, which changed in PEFT 0.19.1 (no weights)"
        )


def _crosses(draft: MigratedConfig, release: str) -> bool:
    return at_least(draft.source, release) != at_least(draft.target, release)


def _note(draft: MigratedConfig, reason: Reason, more: str = "") -> None:
    message = f"PEFT {draft.target}: {reason.message}{more}"
    if reason.effect is Effect.RAISES:
        draft.block(message, reason.pointer or "")
    elif reason.effect is Effect.DIFFERS:
        draft.lose(message, reason.pointer or "")


def _note_rest(draft: MigratedConfig, adapter: Adapter, after: str, budget: PatternBudget) -> None:
    """Record problems of the target with the new file that the source did not have with the old.

    The steps above should leave none, but if they do, the user must see them.
    """
    if any(step.loss is Loss.IMPOSSIBLE for step in draft.steps):
        return
    migrated = adapter._replace(**_reread(after), header=None, weights=None)
    known = {r.pointer for r in reasons_in(adapter, draft.source, draft.source, budget)}
    for reason in reasons_in(migrated, draft.target, draft.target, budget):
        if reason.pointer not in known or not reason.pointer:
            _note(draft, reason)


def _reread(text: str) -> dict[str, Any]:
    document, _ = read_document(text.encode(), CONFIG_NAME)
    assert isinstance(document, Document)
    return {"document": document, "reading": read_with_models(document)}
