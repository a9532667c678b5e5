"""The names of a base's own tensors after its layers are wrapped.

For every adapter around a module, PEFT moves the module one level down, under `base_layer`. A
module that is saved whole has its tensors twice: the original under `original_module`, and the
trained copy under `modules_to_save.NAME`. In a file, releases up to 0.17.1 remove the adapter name
everywhere, and later ones only next to the last step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Kind

_LONGEST: Final = 10_000
"""The maximum characters of a tensor name, since each of its steps is looked up."""


class WrappedBase:
    """A base with wrapped modules.

    `depth` is the number of adapters around each module, `tokens` are the modules with trained
    rows, and `saved` those that are saved whole.
    """

    def __init__(
        self,
        base: Architecture,
        depth: Mapping[str, int] | None = None,
        tokens: frozenset[str] = frozenset(),
        saved: Iterable[str] = (),
    ) -> None:
        """Wrap modules of a base."""
        self.base = base
        self.depth = {} if depth is None else depth  # the caller may add to it later
        self.tokens = tokens
        self.saved = frozenset(map(self.name_of, saved))

    def name_of(self, path: str) -> str:
        """Return the path of a module with the steps of its wrappers, as in tensor names."""
        parts: list[str] = []
        at = ""
        for step in path.split(".") if path else ():
            at = self._canonical(f"{at}.{step}" if at else step)
            parts += step, *self._added(at)
        return ".".join(parts)

    def shape_of(self, name: str) -> Shape | None:
        """Return the shape of the base tensor with this name; None if there is none."""
        found = self._find(name)
        return found[1] if found else None

    def path_of(self, name: str) -> str | None:
        """Return the path of the module with this tensor; None if there is none."""
        found = self._find(name)
        return found[0] if found else None

    def _find(self, name: str) -> tuple[str, Shape] | None:
        for one in (name, *self._as_saved(name)) if len(name) <= _LONGEST else ():
            *steps, local = one.split(".")
            path = self._path(steps)
            module = self.base.find(path) if path is not None else None
            shape = module.buffers.get(local, module.parameters.get(local)) if module else None
            if path is not None and shape is not None:
                return path, shape
        return None

    def _as_saved(self, name: str) -> Iterator[str]:
        """Yield the names that a tensor may have in a saved module, without its wrapper."""
        for step in ("original_module", "modules_to_save"):
            owner, _, inside = name.partition(f".{step}.")
            if not inside or owner not in self.saved:
                continue
            yield f"{owner}.{inside}"
            _, _, inside = inside.partition(".")  # without the adapter name
            if inside and step == "modules_to_save":
                yield f"{owner}.{inside}"

    def _path(self, steps: Iterable[str]) -> str | None:
        """Return the path of the module that the steps of a name lead to."""
        path = at = ""
        waiting = iter(steps)
        for step in waiting:
            path = f"{path}.{step}" if path else step
            at = self._canonical(f"{at}.{step}" if at else step)
            if not path or any(next(waiting, None) != one for one in self._added(at)):
                return None
        is_known = not path or path in self.base.modules or path in self.base.aliases
        return path if is_known else None

    def _added(self, path: str) -> tuple[str, ...]:
        """Return the steps that the wrappers of a module add below it."""
        wrappers = ("base_layer",) * self._wrappers(path)
        return (*wrappers, "token_adapter", "base_layer") if path in self.tokens else wrappers

    def _canonical(self, path: str) -> str:
        # A shared module has wrapped children under all of its paths. But if the wrapped module
        # itself has several paths, only one of them leads to the wrapper.
        parent, _, name = path.rpartition(".")
        shared = self.base.aliases.get(parent, parent)
        return f"{shared}.{name}" if shared else name

    def _wrappers(self, path: str) -> int:
        return 1 if self.is_in_attention(path) else self.depth.get(path, 0)

    def is_in_attention(self, path: str) -> bool:
        """Tell whether a module is the output layer of a wrapped attention, and so wrapped too."""
        if not path.endswith(".out_proj"):
            return False
        parent = path.rpartition(".")[0]
        attention = self.base.find(parent) if parent else None
        return bool(attention and attention.kind is Kind.ATTENTION and self.depth.get(parent))

    def tensors(self, path: str) -> Iterator[tuple[str, Shape]]:
        """Yield the names and shapes of all base tensors at and below a path."""
        inside = self.base.inside.get(path, ()) if path else dict.fromkeys(self.base.paths())
        for at in (path, *inside):
            module = self.base.find(at)
            if module is None:
                continue
            name = self.name_of(at)
            for local, shape in (*module.parameters.items(), *module.buffers.items()):
                yield (f"{name}.{local}" if name else local), shape
