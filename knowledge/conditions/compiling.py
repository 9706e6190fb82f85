"""YAML data into conditions, with plain words for what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knowledge.case import NO, YES
from knowledge.conditions.combined import Combined
from knowledge.conditions.condition import Condition
from knowledge.conditions.lab import LAB_TESTS, Lab
from knowledge.conditions.medicine import Takes, Taking, Time
from knowledge.conditions.person import Age, ContactAgain, Fact, RedFlag, Sex, Temperature
from knowledge.conditions.symptom import DURATION_QUALIFIERS, QUALIFIERS, Symptom
from knowledge.conditions.view import Names
from knowledge.durations import days


class ConditionError(ValueError):
    """A condition that cannot be read. `path` leads to the place inside the condition."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()):
        super().__init__(message)
        self.message, self.path = message, path


def compile_condition(node: Any, names: Names, path: tuple[str | int, ...] = ()) -> Condition:
    """Read one condition. Raises `ConditionError` with the place and plain words for anything it cannot read."""
    if isinstance(node, str):
        _known(node, names.symptoms, "symptom", path)
        return Symptom(node, {})
    if not isinstance(node, dict) or not node:
        raise ConditionError("a condition is a symptom id or a mapping such as {any: [...]}", path)
    for key, reader in _READERS.items():
        if key in node:
            return reader(node, names, (*path, key))
    raise ConditionError(f"unknown condition '{next(iter(node))}'", path)


def _known(name: Any, known: Any, what: str, path: tuple[str | int, ...]) -> None:
    if name not in known:
        raise ConditionError(f"there is no {what} '{name}'", path)


def _only(node: dict, allowed: set[str], path: tuple[str | int, ...]) -> None:
    extra = set(node) - allowed
    if extra:
        raise ConditionError(f"'{sorted(map(str, extra))[0]}' does not belong here", path)


def _symptom(node, names, path):
    _only(node, {"symptom", *QUALIFIERS, *DURATION_QUALIFIERS}, path)
    named = node["symptom"] if isinstance(node["symptom"], list) else [node["symptom"]]
    for identifier in named:
        _known(identifier, names.symptoms, "symptom", path)
    if not named:
        raise ConditionError("name at least one symptom", path)
    found: list[Condition] = [Symptom(identifier, _qualifiers(node, path)) for identifier in named]
    return found[0] if len(found) == 1 else Combined("any", found)


def _group(node, names, path):
    _only(node, {"group", *QUALIFIERS, *DURATION_QUALIFIERS}, path)
    _known(node["group"], names.symptom_groups, "symptom group", path)
    members = {"symptom": names.symptom_groups[node["group"]]}
    return _symptom({**members, **{name: value for name, value in node.items() if name != "group"}}, names, path)


def _qualifiers(node, path):
    for name, value in node.items():
        if name in QUALIFIERS and value not in QUALIFIERS[name]:
            raise ConditionError(f"{name} is one of {', '.join(QUALIFIERS[name])}", path)
        if name in DURATION_QUALIFIERS:
            _duration(value, path)
    return {name: value for name, value in node.items() if name in QUALIFIERS or name in DURATION_QUALIFIERS}


def _duration(value: Any, path: tuple[str | int, ...]) -> str:
    try:
        days(value)
    except Exception as error:
        raise ConditionError(f"'{value}' is not a length of time such as P7D or PT24H", path) from error
    return value


def _fact(node, names, path):
    _only(node, {"fact", "is"}, path)
    _known(node["fact"], names.facts, "fact", path)
    wanted = {True: YES, False: NO}.get(node.get("is", YES), node.get("is", YES))
    if wanted not in (YES, NO):
        raise ConditionError("a fact is yes or no", path)
    return Fact(node["fact"], wanted)


def _lab(node, names, path):
    _only(node, {"lab", "known", "part", *LAB_TESTS}, path)
    _known(node["lab"], names.labs, "test", path)
    tests = {name: value for name, value in node.items() if name not in ("lab", "part")}
    if not tests:
        raise ConditionError("say what the result must be, for example below: 1.0", path)
    return Lab(node["lab"], tests, node.get("part"))


def _temperature(node, names, path):
    _only(node, {"temperature"}, path)
    limits = node["temperature"]
    if not isinstance(limits, dict) or not limits or set(limits) - {"at_least", "below"}:
        raise ConditionError("a temperature has at_least, below or both", path)
    return Temperature(**limits)


def _time(what):
    def read(node, names, path):
        _only(node, {what}, path)
        limits = node[what]
        if not isinstance(limits, dict) or not limits or set(limits) - {"within", "before", "over"}:
            raise ConditionError("a time has within or before, for example {within: P6M}", path)
        before = limits.get("before", limits.get("over"))
        return Time(what, *(_duration(value, path) if value else None for value in (limits.get("within"), before)))

    return read


def _takes(ever):
    def read(node, names, path):
        key = "took" if ever else "takes"
        _only(node, {key}, path)
        wanted = node[key] if isinstance(node[key], dict) else {"medicine": node[key]}
        _only(wanted, {"medicine", "group", "within"}, path)
        if "group" in wanted:
            _known(wanted["group"], names.medicine_groups, "medicine group", path)
            ids, name = frozenset(names.medicine_groups[wanted["group"]]), str(wanted["group"])
        else:
            listed = wanted["medicine"] if isinstance(wanted["medicine"], list) else [wanted["medicine"]]
            for item in listed:
                _known(item, names.medicines, "medicine", path)
            ids, name = frozenset(listed), " or ".join(listed)
        within = _duration(wanted["within"], path) if wanted.get("within") else None
        return Takes(ids, name.replace("_", " "), within, ever)

    return read


def _combined(kind):
    def read(node, names, path):
        _only(node, {"count", "of"} if kind == "count" else {kind}, path)
        parts = [node["not"]] if kind == "not" else node["of"] if kind == "count" else node[kind]
        if not isinstance(parts, list) or not parts:
            raise ConditionError(f"'{kind}' needs a list of conditions", path)
        compiled = [compile_condition(part, names, (*path, index)) for index, part in enumerate(parts)]
        if kind == "any":
            compiled = [below for part in compiled for below in _alternatives(part)]
        return Combined(kind, compiled, node["count"] if kind == "count" else 1)

    return read


def _alternatives(part: Condition) -> list[Condition]:
    return part.parts if isinstance(part, Combined) and part.kind == "any" else [part]


def _red_flag(node, names, path):
    _only(node, {"red_flag"}, path)
    _known(node["red_flag"], names.red_flags, "red flag", path)
    return RedFlag(node["red_flag"])


_READERS: dict[str, Callable[[dict, Names, tuple], Condition]] = {
    "symptom": _symptom,
    "group": _group,
    "fact": _fact,
    "lab": _lab,
    "temperature": _temperature,
    "last_dose": _time("last_dose"),
    "first_dose": _time("first_dose"),
    "stopped": _time("stopped"),
    "treatment": _time("treatment"),
    "taking": lambda node, names, path: Taking(node["taking"] in (True, YES)),
    "takes": _takes(False),
    "took": _takes(True),
    "age": lambda node, names, path: Age(**node["age"]),
    "sex": lambda node, names, path: Sex(node["sex"]),
    "red_flag": _red_flag,
    "contact_again": lambda node, names, path: ContactAgain(),
    "all": _combined("all"),
    "any": _combined("any"),
    "not": _combined("not"),
    "count": _combined("count"),
}
