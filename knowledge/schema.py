"""Reading and checking the content folder. `load` gives the data of a release or raises `ContentError` with every mistake.

Each mistake names file, line and, in plain words, what is wrong. Nothing is read at import.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from knowledge import reviews
from knowledge.conditions import ConditionError, Names, compile_condition
from knowledge.durations import days
from knowledge.lasting import kept_alive
from knowledge.release import names_of
from knowledge.word_lists import word_mistakes
from knowledge.yaml_files import ContentError, Mistake, YamlFile, plain

CONTENT = Path(__file__).parent / "content"
Urgency = Literal["emergency", "same_day", "soon", "routine", "self_care"]
Basis = Literal["label", "guideline", "proposal"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cite(Strict):
    source: str
    section: str | float | int | None = None
    basis: Literal["read", "recalled"] | None = None
    file: str | None = None
    note: str | None = None


class Review(Strict):
    """Who reviewed a rule and when. A rule without a review is `proposed`."""

    by: str
    date: str
    note: str | None = None


class RuleData(Strict):
    """A rule has a condition, or says why another rule already carries it (`carried_elsewhere`)."""

    text: str
    when: Any = None
    carried_elsewhere: str | None = None
    urgency: Urgency
    id: str | None = None
    lowers: list[str] = []
    expected_effect: bool = False
    basis: Basis = "proposal"
    meaning: str | None = None
    origin: str | None = None
    note: str | None = None
    cite: list[Cite] = []
    review: Review | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> RuleData:
        if (self.when is None) == (self.carried_elsewhere is None):
            raise ValueError("a rule needs 'when', or 'carried_elsewhere' with the reason")
        return self


class Window(Strict):
    after_last_dose: str | None = None
    onset_within: str | None = None
    onset_from: str | None = None


class RiskData(Strict):
    id: str
    name: str
    lay_name: str
    seriousness: Literal["boxed", "serious", "moderate", "common"]
    why: str
    when: str
    window: Window = Window()
    signs: list[str]
    said_as: list[str] = []
    modifiers: list[str] = []
    advice: str
    caveat: str | None = None
    cite: list[Cite]
    shared_rules: list[str] = []
    rules: list[RuleData] = []


class EffectData(Strict):
    id: str
    name: str
    lay_name: str
    signs: list[str]
    said_as: list[str] = []
    advice: str | None = None
    caveat: str | None = None
    when: str | None = None
    cite: list[Cite] = []
    shared_rules: list[str] = []
    rules: list[RuleData] = []


class Monitoring(Strict):
    test: str
    schedule: str
    thresholds: list[str] = []
    cite: list[Cite] = []


class Section(BaseModel):
    """Pregnancy, vaccines, after stopping: free facts by name, rules where the section has urgencies."""

    model_config = ConfigDict(extra="allow")
    cite: list[Cite] = []
    rules: list[RuleData] = []


class MedicineData(Strict):
    id: str
    group: str | None = None
    route: str
    status: str | dict[str, str] | None = None
    pulsed: bool = False
    codes: dict[str, Any]
    past_use_window: str | None = None
    past_use_why: str | None = None
    sources: dict[str, dict[str, Any]]
    risks: list[RiskData]
    common_effects: list[EffectData] = []
    monitoring: list[Monitoring] = []
    pregnancy: Section
    vaccines_and_interactions: Section
    after_stopping: Section
    not_established: list[str] = []
    seed_claims: list[dict[str, Any]] = []
    labs_note: str | None = None
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class SymptomData(Strict):
    id: str
    name: str
    clinical_name: str
    hpo: str | None = None
    parent: str | None = None
    phrases: list[str]
    not_phrases: list[str] = []
    ask: list[str] = []
    urgency: Urgency
    rules: list[RuleData] = []
    cite: list[Cite] = []


class FactData(Strict):
    id: str
    name: str | None = None  # as it is shown; else its first phrase
    question: str
    why: str | None = None
    phrases: list[str] = []
    phrases_no: list[str] = []
    not_phrases: list[str] = []  # look-alikes
    result: dict[str, Any] = {}  # a test without rules of its own whose number settles it: {test: sodium, below: 125}
    of: list[str] = []  # the medicines it is told of; of any other it says nothing
    told_only: bool = False  # counts when it is told, but is not worth a question of its own
    episode: bool = False  # it says that something has settled: what is told as over in the same message is what it is about
    opposite: str | None = None  # the symptom whose denial means yes, and whose presence means no


class TopicData(Strict):
    id: str
    name: str
    lay_name: str | None = None
    lay_names: list[str] = []
    lead: str | None = None  # said first, instead of "this can also come from ..."
    definition: str | None = None
    facts: list[dict[str, Any]] = []
    signs: list[str] = []
    said_as: list[str] = []
    rules: list[RuleData] = []
    advice: str | None = None
    caveat: str | None = None
    cite: list[Cite]


class PersonRule(RuleData):
    id: str


KINDS: dict[str, tuple[str, type[BaseModel] | None]] = {
    "symptoms": ("symptoms", SymptomData),
    "topics": ("topics", TopicData),
}


def load(folder: Path | str = CONTENT) -> dict[str, Any]:
    """The data of a release. Raises `ContentError` with all mistakes when the content cannot be used."""
    with kept_alive():
        loader = _Folder(Path(folder))
        data = loader.read()
        mistakes = loader.mistakes or [*loader.rule_mistakes(data)]
    if mistakes:
        raise ContentError(mistakes)
    return data


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 of the data in a canonical form: the identity of a release."""
    return sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


class _Folder:
    """All files of one content folder."""

    def __init__(self, root: Path):
        self.root = root
        self.mistakes: list[Mistake] = []
        self.places: dict[int, tuple[YamlFile, tuple[Any, ...]]] = {}
        self._files: dict[Path, YamlFile | None] = {}  # those read so far; none where one could not be read

    def read(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "medicines": self._each("medicines", MedicineData),
            "names": self._each("names", None, skip="other_medicines.yml"),
            "other_medicines": self._one("names/other_medicines.yml"),
            "shared_rules": {},
            "symptoms": self._listed("symptoms", "symptoms", SymptomData),
            "labs": self._each("labs", None, only_with="canonical_unit"),
            "units": self._one("labs/units.yml").get("unit_lists", {}),
            "other_tests": self._one("labs/other_tests.yml").get("other_tests", []),
            "facts": self._in_file("facts.yml", "facts", FactData),
            "groups": self._one("groups.yml"),
            "red_flags": self._in_file("red_flags.yml", "red_flags", None),
            "red_flag_words": {key: value for key, value in self._one("red_flags.yml").items() if key not in ("red_flags", "sources")},
            "topics": self._listed("topics", "topics", TopicData),
            "person_rules": self._in_file("person.yml", "rules", PersonRule),
            "claims": self._in_file("claims.yml", "claims", None),
            "words": self._one("words.yml"),
            "no_complaint": self._one("no_complaint.yml"),
            "sentences": {name: list(said) for path in sorted((self.root / "sentences").glob("*.yml"))
                          for name, said in self._file(path).data.items()},
            "answers": {
                key: value for path in sorted((self.root / "answers").glob("*.yml")) for key, value in self._file(path).data.items()
            },
            "wording": {path.stem: self._one(f"wording/{path.name}") for path in sorted((self.root / "wording").glob("*.yml"))},
            "sources": {},
        }
        for path in sorted((self.root / "shared_rules").glob("*.yml")):
            file = self._file(path)
            for name, block in (file.data.get("blocks") or {}).items():
                data["shared_rules"][name] = block
                for number, rule in enumerate(block["rules"]):
                    self._check(rule, RuleData, file, ("blocks", name, "rules", number))
        data["sources"] = self._sources()
        self.mistakes += reviews.apply(data, [self._file(path) for path in sorted((self.root / reviews.FOLDER).glob("*.yml"))])
        self.mistakes += word_mistakes(filter(None, self._files.values()))
        return data

    def _sources(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for path in sorted(self.root.rglob("*.yml")):
            if path.parent.name == "medicines":
                continue
            data = self._file(path).data
            if isinstance(data, dict) and isinstance(data.get("sources"), dict):
                found.update(data["sources"])
        return found

    def _file(self, path: Path) -> YamlFile:
        if path not in self._files:
            try:
                self._files[path] = YamlFile(path, self.root)
            except ContentError as error:
                self.mistakes += error.mistakes
                self._files[path] = None
            except FileNotFoundError:
                self.mistakes.append(Mistake(str(path.relative_to(self.root.parent)), 1, "this file is missing"))
                self._files[path] = None
        file = self._files[path]
        if file is None:
            raise ContentError(self.mistakes)
        return file

    def _one(self, name: str) -> dict[str, Any]:
        return self._file(self.root / name).data or {}

    def _each(self, folder: str, model: type[BaseModel] | None, skip: str = "", only_with: str = "id") -> list[dict[str, Any]]:
        items = []
        for path in sorted((self.root / folder).glob("*.yml")):
            file = self._file(path)
            if path.name == skip or not isinstance(file.data, dict) or only_with not in file.data:
                continue
            self._check(file.data, model, file, ())
            items.append(file.data)
        return items

    def _listed(self, folder: str, key: str, model: type[BaseModel] | None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        for path in sorted((self.root / folder).glob("*.yml")):
            items += self._in_file(f"{folder}/{path.name}", key, model)
        return items

    def _in_file(self, name: str, key: str, model: type[BaseModel] | None) -> list[dict[str, Any]]:
        file = self._file(self.root / name)
        items = (file.data or {}).get(key, [])
        for number, item in enumerate(items):
            self._check(item, model, file, (key, number))
        return items

    def _check(self, item: dict[str, Any], model: type[BaseModel] | None, file: YamlFile, path: tuple[Any, ...]) -> None:
        self.places[id(item)] = (file, path)
        if model is None:
            return
        try:
            model.model_validate({("group_" if key == "class" else key): value for key, value in item.items() if key != "class"})
        except ValidationError as error:
            for problem in error.errors():
                where = (*path, *problem["loc"])
                self.mistakes.append(Mistake(file.name, file.line(where), plain(problem, where)))

    def rule_mistakes(self, data: dict[str, Any]) -> Iterator[Mistake]:
        """Conditions that cannot be read, ids that do not exist, citations that lead nowhere, lengths of time that are none."""
        names = names_of(data)
        seen: dict[str, str] = {}
        for item in (*data["medicines"], *data["symptoms"], *data["labs"], *data["topics"], *data["facts"], *data["red_flags"]):
            file, path = self.places[id(item)]
            if item["id"] in seen and seen[item["id"]] != file.name.split("/")[1]:
                pass  # the same word may name a symptom and a test
            elif item["id"] in seen:
                yield Mistake(file.name, file.line(path), f"the id '{item['id']}' stands twice")
            seen[item["id"]] = file.name.split("/")[1]
            yield from self._item_mistakes(item, file, path, names, data)
        for rule in data["person_rules"]:
            file, path = self.places[id(rule)]
            yield from self._condition_mistakes(rule, file, path, names)
        for block in data["shared_rules"].values():
            for rule in block["rules"]:
                file, path = self.places[id(rule)]
                yield from self._condition_mistakes(rule, file, path, names)

    def _item_mistakes(self, item, file: YamlFile, path, names: Names, data) -> Iterator[Mistake]:
        if item.get("parent") and item["parent"] not in names.symptoms:
            yield Mistake(file.name, file.line((*path, "parent")), f"there is no symptom '{item['parent']}'")
        table = {**data["sources"], **item.get("sources", {})}
        for place, node in _walk(item, path):
            if isinstance(node, dict) and {"when", "urgency", "text"} <= node.keys():
                yield from self._condition_mistakes(node, file, place, names)
            if place and place[-1] == "cite" and isinstance(node, list):
                for number, cite in enumerate(node):
                    if isinstance(cite, dict) and cite.get("source") not in table:
                        yield Mistake(file.name, file.line((*place, number)), f"there is no source '{cite.get('source')}'")
            if place and place[-1] == "signs":
                for number, sign in enumerate(node or []):
                    if sign not in names.symptoms:
                        yield Mistake(file.name, file.line((*place, number)), f"there is no symptom '{sign}'")
            if place and place[-1] == "shared_rules" and isinstance(node, list):
                for block in node:
                    if block not in data["shared_rules"]:
                        yield Mistake(file.name, file.line(place), f"there is no block of shared rules '{block}'")
            if place and place[-1] == "window" and isinstance(node, dict):
                yield from self._window_mistakes(node, file, place)

    def _window_mistakes(self, window: dict[str, str], file: YamlFile, place) -> Iterator[Mistake]:
        for key, value in window.items():
            try:
                days(value)
            except Exception:
                yield Mistake(file.name, file.line((*place, key)), f"'{value}' is not a length of time such as P6M or PT48H")

    def _condition_mistakes(self, rule: dict[str, Any], file: YamlFile, path, names: Names) -> Iterator[Mistake]:
        try:
            compile_condition(rule["when"], names, ("when",))
        except ConditionError as error:
            yield Mistake(file.name, file.line((*path, *error.path)), error.message)
        except Exception as error:
            yield Mistake(file.name, file.line((*path, "when")), f"this condition cannot be read ({error})")
        for name in rule.get("lowers", []):
            if name not in names.symptoms and name not in names.labs and name not in names.facts:
                yield Mistake(file.name, file.line((*path, "lowers")), f"there is no symptom, test or fact '{name}'")


def _walk(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("when", "phrases", "not_phrases", "said_as"):
                yield from _walk(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            if isinstance(value, dict | list):
                yield from _walk(value, (*path, number))
