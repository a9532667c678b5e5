"""Find tasks for which PEFT cannot wrap the class of the base."""

from __future__ import annotations

from loracfg.analysis.subject import Subject
from loracfg.base.class_names import refuses_task, task_of
from loracfg.base.search import Fit
from loracfg.config.model.default_targets import TASK_HEADS


def is_refused(subject: Subject, class_name: str | None) -> bool:
    """Tell whether PEFT raises for this class because of the config's task."""
    base, config = subject.base, subject.config
    if base is None or config is None or class_name is None or not base.is_transformers:
        return False
    if not subject.certain or subject.resolved.own_code or subject.resolved.auto_map:
        return False  # the repository's own code may have the method
    return refuses_task(class_name, config.task_type)


def task_for(subject: Subject, class_name: str) -> str:
    """Return the task with which PEFT can wrap a class, as JSON without quotes.

    `null` means no task. A task with a head also saves modules, which the config must name.
    """
    task, config = task_of(class_name), subject.config
    heads = TASK_HEADS.get(task or "", ())
    saved = (config.modules_to_save if config else None) or ()
    return task if task and (not heads or not set(heads).isdisjoint(saved)) else "null"


def loading_advice(subject: Subject, fit: Fit, adapter: str) -> str:
    """Return the advice to load the adapter, called by this name, on a different class."""
    load = f"load {adapter} on a {fit.shown}"
    if not is_refused(subject, fit.class_name):
        return load
    return f"set `task_type` to `{task_for(subject, fit.class_name)}` and {load}"
