"""What changed between two releases, in words a clinician reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.release import Knowledge, Rule
from knowledge.urgency import rank


def in_words(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """One line per change: medicines, risks and rules added, gone or changed; less urgent rules first."""
    old, new = Knowledge(before), Knowledge(after)
    for medicine in sorted(set(old.medicines) ^ set(new.medicines)):
        yield f"{'New' if medicine in new.medicines else 'Gone'}: the medicine {medicine.replace('_', ' ')}."
    rules_before = {rule.id: rule for rule in old.all_rules()}
    rules_after = {rule.id: rule for rule in new.all_rules()}
    changed = [(rules_before[item], rules_after[item]) for item in rules_before if item in rules_after]
    yield from sorted(line for pair in changed for line in _rule(*pair) if line.startswith("LESS"))
    yield from (
        f"Gone: rule {item} ({rules_before[item].urgency}: {rules_before[item].text})."
        for item in sorted(set(rules_before) - set(rules_after))
    )
    yield from (
        f"New: rule {item} ({rules_after[item].urgency}: {rules_after[item].text})."
        for item in sorted(set(rules_after) - set(rules_before))
    )
    yield from sorted(line for pair in changed for line in _rule(*pair) if not line.startswith("LESS"))
    yield from _phrases(before, after)


def _rule(old: Rule, new: Rule) -> Iterator[str]:
    if rank(new.urgency) != rank(old.urgency):
        direction = "LESS URGENT" if rank(new.urgency) < rank(old.urgency) else "More urgent"
        yield f"{direction}: {new.id} from {old.urgency} to {new.urgency} ({new.text})."
    if old.condition.describe() != new.condition.describe():
        yield f"Other condition: {new.id}: was {old.condition.describe()}; is {new.condition.describe()}."
    if old.text != new.text:
        yield f"Other wording: {new.id}: was “{old.text}”; is “{new.text}”."


def _phrases(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    old = {item["id"]: set(item.get("phrases", [])) for key in ("symptoms", "red_flags") for item in before[key]}
    new = {item["id"]: set(item.get("phrases", [])) for key in ("symptoms", "red_flags") for item in after[key]}
    for item in sorted(old.keys() | new.keys()):
        gone, added = old.get(item, set()) - new.get(item, set()), new.get(item, set()) - old.get(item, set())
        if gone:
            yield f"No longer understood as {item.replace('_', ' ')}: {', '.join(sorted(map(str, gone)))}."
        if added:
            yield f"Now understood as {item.replace('_', ' ')}: {', '.join(sorted(map(str, added)))}."
