"""What every condition can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from knowledge.case import MedicineUse
from knowledge.conditions.view import View


@dataclass(frozen=True)
class Leaf:
    """One thing a condition asks about: kind is symptom, qualifier, fact, lab, temperature, time or other."""

    kind: str
    id: str
    detail: str = ""


class Condition:
    """Base: `evaluate` answers, `evidence` names what made it true, `leaves` lists all it asks about, `needs` what it cannot do without."""

    def evaluate(self, view: View, use: MedicineUse | None, careful: bool) -> bool | None:
        raise NotImplementedError

    def holds(self, view: View, use: MedicineUse | None, careful: bool) -> bool:
        """`evaluate` is True; an unknown part is enough to say no, which spares most of the work."""
        return self.evaluate(view, use, careful) is True

    def evidence(self, view: View, use: MedicineUse | None) -> Iterator[str]:
        return iter(())

    def leaves(self) -> Iterator[Leaf]:
        return iter(())

    def needs(self) -> list[frozenset[str]]:
        """Sets of ids: of each set at least one must have been told (`View.told`), else this cannot be true."""
        return []

    @cached_property
    def shortest_needs(self) -> list[frozenset[str]]:
        """`needs`, the shortest set first."""
        return sorted(self.needs(), key=len)

    def may_hold(self, view: View) -> bool:
        """Whether what it needs was told. Most conditions are about nothing the person told and need no closer look."""
        needs = self.shortest_needs
        return not needs or not any(map(view.told.isdisjoint, needs))

    def unknown(self, view: View, use: MedicineUse | None) -> Iterator[Leaf]:
        """The leaves that are not known yet and could still decide the condition."""
        return iter(())

    def describe(self) -> str:
        """The machine condition in one line of words, for reports and reviewers."""
        raise NotImplementedError
