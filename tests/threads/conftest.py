"""What the adapters of the threads are made by."""

from __future__ import annotations

import pytest

pytest.importorskip("peft", reason="the adapters are made by PEFT")
