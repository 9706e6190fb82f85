"""Conditions of rules: data in, a three-valued answer out.

A condition is written in YAML (the forms are listed in docs/content.md), compiled once, and evaluated against a `View`
of one case. Answers are True, False or None (not known). Unknown is never taken as absent: `not` is true only for
what was denied. `careful=True` reads what is unclear in the more dangerous way and is used for rules that raise the
urgency; rules that lower it are evaluated with `careful=False`.
"""

from knowledge.conditions.combined import Combined
from knowledge.conditions.compiling import ConditionError, compile_condition
from knowledge.conditions.condition import Condition, Leaf
from knowledge.conditions.lab import Lab
from knowledge.conditions.medicine import Takes, Taking, Time
from knowledge.conditions.person import Age, ContactAgain, Fact, RedFlag, Sex, Temperature
from knowledge.conditions.symptom import DURATION_QUALIFIERS, Symptom
from knowledge.conditions.view import Names, View

__all__ = [
    "DURATION_QUALIFIERS", "Age", "Combined", "Condition", "ConditionError", "ContactAgain", "Fact", "Lab", "Leaf", "Names", "RedFlag",
    "Sex", "Symptom", "Taking", "Takes", "Temperature", "Time", "View", "compile_condition",
]
