"""Contexts that keep other code from printing, prompting and using the network.

Both contexts change settings of the whole process, so only one thread may use them at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings, logging and output, and give prompts an empty input."""
    import io
    import logging
    import sys
    import warnings
    from contextlib import redirect_stderr, redirect_stdout

    disabled, stdin = logging.root.manager.disable, sys.stdin
    logging.disable(logging.CRITICAL)
    sys.stdin = io.StringIO()  # transformers asks whether to run a repository's code
    try:
        with (
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdin = stdin
        logging.disable(disabled)


@contextmanager
def offline() -> Iterator[None]:
    """Keep the Hugging Face client from using the network.

    The variable is for libraries that are imported in the context, the constant for those that are
    already imported.
    """
    from huggingface_hub import constants

    variable, constant = os.environ.get("HF_HUB_OFFLINE"), constants.HF_HUB_OFFLINE
    os.environ["HF_HUB_OFFLINE"] = "1"
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = constant
        if variable is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = variable
