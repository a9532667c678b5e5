"""The codes that no new rule may have."""

from __future__ import annotations

from typing import Final

RETIRED: Final = ("LC009", "LC430", "LC518")
"""Codes of removed rules, and codes that were skipped. Reports and filters may still name them."""
