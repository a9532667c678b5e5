"""Config objects of all types equal those of the installed library, or both refuse the values."""

from __future__ import annotations

import os
import random
from importlib.metadata import version
from typing import Final

import pytest

from loracfg.base.catalogue.index import layout_of
from tests.base.config_law.__main__ import compare
from tests.base.config_law.library import Installed
from tests.base.config_law.mutations import Mutations
from tests.base.law import LAYOUT

LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
CONFIGS: Final = 30 if LONG else 3
"""The configs of each type."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # warnings of the library
def test_mutated_configs_equal_those_of_the_library() -> None:
    layout = layout_of(LAYOUT)
    if layout.library != f"transformers {version('transformers')}":
        pytest.skip(f"the facts are of {layout.library}")
    library, installed = layout.library_configs, Installed()
    mutations = Mutations(library, random.Random())  # noqa: S311  # other ones in each run
    wrong = []
    for model_type in layout.types:
        for _ in range(CONFIGS):
            drawn = mutations.draw(library.types[model_type])
            values = {"model_type": model_type, **drawn}
            result, why = compare(library, installed, model_type, values)
            if result not in ("equal", "refused", "declined", "skipped"):
                wrong.append((result, why, values))
    assert wrong == []
