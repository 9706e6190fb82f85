"""The content of a release as staff browse it: sections with their rules, each rule with its review, sources, and a search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.conditions import compile_condition
from knowledge.reasons import Part, name_of, tree, with_plain_lengths
from knowledge.release import Knowledge
from knowledge.reviews import Entry, Reviewable, reviewables

MOST_FOUND = 60  # of a search
KINDS = {
    "medicine": "Medicines", "topic": "MS itself", "symptom": "Symptoms", "test": "Blood and other tests", "flag": "Red flags",
    "person": "The whole person",
}  # fmt: skip
REVIEWED, WAITING, LAPSED, PROPOSED = "reviewed", "waiting", "lapsed", "proposed"


@dataclass(frozen=True)
class Source:
    """Where a claim comes from."""

    title: str
    section: str
    url: str
    publisher: str = ""
    read: bool = True  # False: recalled, the source was not at hand


@dataclass(frozen=True)
class RuleView:
    """One rule for reading. `state` is reviewed, waiting (in the checkout, not in this release), lapsed (it changed) or proposed."""

    id: str
    text: str
    urgency: str
    basis: str
    place: str  # of what it is a rule, in words
    part: Part | None
    lowers: tuple[str, ...]
    note: str
    sources: tuple[Source, ...]
    state: str
    review: dict[str, str] | None
    source: Reviewable
    page: str = ""  # kind and id of the page it stands on


@dataclass
class Section:
    """A risk, an effect, a symptom, a test: a heading with facts and rules."""

    id: str
    title: str
    said: str = ""  # the name that patients read
    facts: list[tuple[str, str]] = field(default_factory=list)
    rules: list[RuleView] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def __post_init__(self) -> None:
        """A rule without sources of its own rests on those of its risk."""
        self.rules = [rule if rule.sources else replace(rule, sources=tuple(self.sources)) for rule in self.rules]


@dataclass
class Page:
    """One medicine, symptom, test, topic or flag."""

    kind: str
    id: str
    title: str
    lead: str
    sections: list[Section]

    @property
    def rules(self) -> list[RuleView]:
        """All its rules."""
        return [rule for section in self.sections for rule in section.rules]

    @property
    def reviewed(self) -> int:
        """How many of them a clinician reviewed."""
        return sum(rule.state == REVIEWED for rule in self.rules)


class Content:
    """One release, laid out. Built once per release, in about a second; `with_waiting` adds what the checkout holds."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Lay out everything."""
        self.knowledge, self.data = knowledge, knowledge.data
        self.compiled_ids: dict[str, str] = {}  # of shared rules, as `triage` names them -> the id they are reviewed under
        self._by_data = {id(rule.data): rule for rule in reviewables(self.data)}
        self._pages = {kind: {page.id: page for page in pages} for kind, pages in self._every_page()}
        every = [page for pages in self._pages.values() for page in pages.values()]
        self.rules = {rule.id: replace(rule, page=f"{page.kind}/{page.id}") for page in every for rule in page.rules}

    def rule(self, identifier: str) -> RuleView | None:
        """A rule by its id, or by the id under which it fires for one medicine."""
        return self.rules.get(self.compiled_ids.get(identifier, identifier))

    def pages(self, kind: str) -> list[Page]:
        """All pages of a kind."""
        return list(self._pages.get(kind, {}).values())

    def page(self, kind: str, identifier: str) -> Page | None:
        """One page; None when there is none."""
        return self._pages.get(kind, {}).get(identifier)

    def sources(self) -> list[tuple[Source, list[str]]]:
        """Every source that is cited, with the places that cite it."""
        places: dict[tuple[str, str], tuple[Source, dict[str, None]]] = {}
        for pages in self._pages.values():
            for page in pages.values():
                of_sections = [source for section in page.sections for source in section.sources]
                for source in (*of_sections, *(source for rule in page.rules for source in rule.sources)):
                    places.setdefault((source.title, source.url), (source, {}))[1][page.title] = None
        return sorted(((source, list(titles)) for source, titles in places.values()), key=lambda pair: pair[0].title.lower())

    def counts(self) -> dict[str, int]:
        """How many rules there are, on what they rest, and how many are reviewed."""
        rules = list(self.rules.values())
        return {
            "rules": len(rules), "reviewed": sum(rule.state == REVIEWED for rule in rules),
            "lapsed": sum(rule.state == LAPSED for rule in rules), "stated": sum(rule.basis in ("label", "guideline") for rule in rules),
        }  # fmt: skip

    def search(self, words: str) -> tuple[list[Page], list[RuleView], list[tuple[Source, list[str]]]]:
        """Pages, rules and sources in which all the words stand; at most MOST_FOUND of each."""
        wanted = words.lower().replace("_", " ").split()

        def has(*texts: str) -> bool:
            text = " ".join(texts).lower().replace("_", " ")
            return all(word in text for word in wanted)

        pages = [page for kind in self._pages.values() for page in kind.values() if has(page.title, page.id, page.lead)]
        rules = [rule for rule in self.rules.values() if has(rule.text, rule.id, rule.place, _all_words(rule.part))]
        sources = [pair for pair in self.sources() if has(pair[0].title, pair[0].publisher)]
        return pages[:MOST_FOUND], rules[:MOST_FOUND], sources[:MOST_FOUND]

    def _every_page(self) -> Iterator[tuple[str, list[Page]]]:
        data = self.data
        yield "medicine", sorted((self._medicine(item) for item in data["medicines"]), key=lambda page: page.title.lower())
        yield "topic", [self._topic(item) for item in data["topics"]]
        yield "symptom", [self._symptom(item) for item in sorted(data["symptoms"], key=lambda item: item["name"].lower())]
        yield "test", [self._test(item) for item in data["labs"]]
        yield "flag", [self._flag(item) for item in data["red_flags"]]
        rules = [self._rule(rule, "the whole person", {}) for rule in data["person_rules"]]
        section = Section("person", "Rules", rules=rules)
        yield "person", [Page("person", "person", "The whole person", "Rules that hold whatever the medicine.", [section])]

    def _medicine(self, item: dict[str, Any]) -> Page:
        name, table = self.knowledge.medicine_names.get(item["id"], item["id"]), item["sources"]
        sections = [self._risk(risk, name, table) for risk in (*item["risks"], *item.get("common_effects", []))]
        for key, title in (("pregnancy", "Pregnancy and this medicine"), ("after_stopping", "After stopping")):
            block = item.get(key) or {}
            facts = [(_words(name), with_plain_lengths(str(value))) for name, value in block.items() if isinstance(value, str)]
            if facts or block.get("rules"):
                sections.append(Section(f"{item['id']}_{key}", title, facts=facts, sources=self._cited(block, table),
                                        rules=[self._rule(rule, f"{name}: {title.lower()}", table) for rule in block.get("rules", [])]))
        checks = [(_words(str(check["test"])), check["schedule"]) for check in item.get("monitoring", [])]
        if checks:
            cites = [source for check in item["monitoring"] for source in self._cited(check, table)]
            sections.append(Section(f"{item['id']}_monitoring", "Checks", facts=checks, sources=list(dict.fromkeys(cites))))
        return Page("medicine", item["id"], name, str(item.get("class") or item["route"]), sections)

    def _risk(self, risk: dict[str, Any], medicine: str, table: dict[str, Any]) -> Section:
        shared = [self._shared(rule, block, risk, table) for block in risk.get("shared_rules", [])
                  for rule in self.data["shared_rules"][block]["rules"]]
        known = (("Why", risk.get("why")), ("When", risk.get("when")), ("Advice", risk.get("advice")), ("Caveat", risk.get("caveat")),
                 ("Signs", ", ".join(name_of(sign, self.knowledge) for sign in risk.get("signs", []))))
        facts = [(title, str(text)) for title, text in known if text]
        rules = [*shared, *(self._rule(rule, f"{medicine}: {risk['name']}", table) for rule in risk.get("rules", []))]
        return Section(risk["id"], risk["name"], risk["lay_name"], facts, rules, self._cited(risk, table))

    def _shared(self, rule: dict[str, Any], block: str, risk: dict[str, Any], table: dict[str, Any]) -> RuleView:
        """A rule that several medicines share: reviewed once for all of them."""
        medicines = [self.knowledge.medicine_names.get(name, name) for name in self.data["shared_rules"][block].get("used_by", [])]
        view = self._rule(rule, f"{risk['name']}: {', '.join(medicines)}", table)
        self.compiled_ids[f"{risk['id']}.{rule['id']}"] = view.id
        return view

    def _topic(self, item: dict[str, Any]) -> Page:
        facts = [("Definition", item.get("definition")), ("Advice", item.get("advice")), ("Caveat", item.get("caveat"))]
        section = Section(item["id"], item["name"], facts=[(title, str(text)) for title, text in facts if text],
                          rules=self._rules_of(item, item["name"]), sources=self._cited(item, {}))
        return Page("topic", item["id"], item["name"], ", ".join(item.get("lay_names", [])), [section])

    def _symptom(self, item: dict[str, Any]) -> Page:
        facts = [("Own level", item["urgency"].replace("_", " ")), ("Clinical name", item["clinical_name"]),
                 ("People say", "; ".join(map(str, item["phrases"])))]
        if item.get("parent"):
            facts.insert(1, ("A form of", name_of(item["parent"], self.knowledge)))
        section = Section(item["id"], item["name"], facts=facts, rules=self._rules_of(item, item["name"]), sources=self._cited(item, {}))
        return Page("symptom", item["id"], item["name"], item["clinical_name"], [section])

    def _test(self, item: dict[str, Any]) -> Page:
        limits = item.get("reference_range") or {}
        facts = [("Unit", item["canonical_unit"]), ("Usual range", _range(limits)), ("People say", ", ".join(map(str, item["lay_names"])))]
        section = Section(item["id"], item["name"], facts=[pair for pair in facts if pair[1]], rules=self._rules_of(item, item["name"]),
                          sources=self._cited(item, {}))
        return Page("test", item["id"], item["name"], ", ".join(map(str, item["lay_names"][:4])), [section])

    def _flag(self, item: dict[str, Any]) -> Page:
        name = item.get("name") or _words(item["id"])
        rules = [self._rule(rule, name, {}) for rule in item.get("urgency_rules", [])]
        facts = [("Level", item["urgency"].replace("_", " ")), ("What is said", item.get("instruction", "")),
                 ("People say", "; ".join(map(str, item.get("phrases", []))))]
        section = Section(item["id"], name, facts=[pair for pair in facts if pair[1]], rules=rules, sources=self._cited(item, {}))
        return Page("flag", item["id"], name, item["urgency"].replace("_", " "), [section])

    def _rules_of(self, item: dict[str, Any], place: str) -> list[RuleView]:
        return [self._rule(rule, place, item.get("sources", {})) for rule in item.get("rules", [])]

    def _rule(self, data: dict[str, Any], place: str, table: dict[str, Any]) -> RuleView:
        source = self._by_data[id(data)]
        review, lapsed = data.get("review"), self.data.get("lapsed_reviews", {}).get(source.id)
        condition = compile_condition(data["when"], self.knowledge.names) if data.get("when") is not None else None
        state = REVIEWED if review else LAPSED if lapsed else PROPOSED
        lowers = tuple(name_of(name, self.knowledge) for name in data.get("lowers", []))
        return RuleView(
            source.id, str(data["text"]), data["urgency"], data.get("basis", "proposal"), place, tree(condition) if condition else None,
            lowers, str(data.get("carried_elsewhere") or data.get("note") or ""),
            tuple(self._cited(data, table)), state, review or lapsed, source,
        )  # fmt: skip

    def _cited(self, item: dict[str, Any], table: dict[str, Any]) -> list[Source]:
        cites = item.get("cite") or []
        return [self._source(cite, table) for cite in cites if isinstance(cite, dict)]

    def _source(self, cite: dict[str, Any], table: dict[str, Any]) -> Source:
        known = table.get(cite["source"]) or self.data["sources"].get(cite["source"]) or {}
        section = "" if cite.get("section") is None else str(cite["section"])
        return Source(str(known.get("title", cite["source"])), section, str(known.get("url") or ""), str(known.get("publisher") or ""),
                      cite.get("basis") != "recalled")


def now(rule: RuleView, waiting: dict[str, Entry]) -> RuleView:
    """The rule with what the checkout's reviews say about it, where its release does not know them yet."""
    entry = waiting.get(rule.source.mark)
    return replace(rule, state=WAITING, review=entry.review()) if entry and rule.state != REVIEWED else rule


def with_waiting(page: Page, waiting: dict[str, Entry]) -> Page:
    """The page with the reviews that wait for the next release."""
    return replace(page, sections=[replace(section, rules=[now(rule, waiting) for rule in section.rules]) for section in page.sections])


def _all_words(part: Part | None) -> str:
    return " ".join([part.words, *map(_all_words, part.parts)]) if part else ""


def _range(limits: dict[str, Any]) -> str:
    low, high = limits.get("low"), limits.get("high")
    if low is None and high is None:
        return "; ".join(f"{name}: {_range(inner)}" for name, inner in limits.items() if isinstance(inner, dict))
    return f"{low} to {high}" if None not in (low, high) else f"{'from ' + str(low) if high is None else 'up to ' + str(high)}"


def _words(identifier: str) -> str:
    words = identifier.replace("_", " ")
    return words[:1].upper() + words[1:]
