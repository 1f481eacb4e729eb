"""Text on its way into a spreadsheet.

A spreadsheet runs a cell that begins like a formula. Every export passes its text through `defuse`. Source:
OWASP, CSV injection.
"""

from __future__ import annotations

from typing import Any

# The wide signs mean the same to a spreadsheet in a Chinese or Japanese setting.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse(value: Any) -> Any:
    """Text that begins like a formula gets a leading apostrophe; everything else, numbers too, stays as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value


def restore(text: str) -> str:
    """The text before `defuse`, for files of ours that were mended and sent again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS_A_FORMULA) else text
