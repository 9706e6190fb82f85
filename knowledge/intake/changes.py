"""What a message does to the case, and what of it tells something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]
TELLING = ("symptom", "unknown_complaint", "red_flag", "red_flag_doubt", "symptom_doubt")


@dataclass
class Changes:
    """What one message did to the case."""

    added: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    answered: bool = False

    @property
    def anything(self) -> bool:
        """Whether the message did anything at all."""
        return bool(self.added or self.corrected or self.answered)


def tells_present(entities: list[Entity]) -> bool:
    """Whether a complaint or a red flag is there now."""
    return any(entity["entity"] in ("symptom", "red_flag") and entity.get("role", "present") == "present" for entity in entities)
