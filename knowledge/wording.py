"""From an assessment to words a tired person can read, and to the structured card beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.case import PRESENT, YES, Case, Finding
from knowledge.clinic import Clinic
from knowledge.conditions import Symptom, View
from knowledge.durations import in_words
from knowledge.interview import Question, medicine_name
from knowledge.release import Knowledge, Risk, Rule
from knowledge.triage import Assessment, Match, alternatives, danger_rules
from knowledge.urgency import rank
from knowledge.yaml_files import read_yaml

MOST_RISKS = 3
MOST_SIGNS = 4
ADULT = 18  # years
MOST_WORDS = 120  # of an answer, before "more"
MOST_WORDS_OF_A_TURN = 140  # of an answer with the question that follows it
MOST_WORDS_OF_A_PART = 95  # of what comes on "more"; a channel adds the headline and the options
MOST_SOURCES = 2  # named in words beside one claim; the card has all
LONGEST_QUOTE = 60  # characters of what was not understood, in an answer; the summary has it whole
OWN_TABLE = {
    "id": "triage_table",
    "title": "This project's own triage table (proposal, not clinically validated)",
    "section": None,
    "url": None,
}


def strings_as_written(language: str = "en") -> dict[str, Any]:
    """The strings of the content's own file, for what must speak while no release can be read. Raises what reading the file raises."""
    return read_yaml((Path(__file__).parent / "content" / "wording" / f"{language}.yml").read_text(encoding="utf-8"))


class Words:
    """The strings of one language with the clinic's names and numbers filled in."""

    def __init__(self, strings: dict[str, Any], clinic: Clinic, now: datetime):
        self.strings, self.clinic, self.now = strings, clinic, now
        self.common = {"team": self.team(), "out_of_hours": _line(clinic.out_of_hours), "ms_team": _line(clinic.ms_team),
                       "hours": clinic.hours_in_words(),
                       **{name: number_in_words(name, clinic, strings["contact"]) for name in NUMBERS}}

    def say(self, key: str, **values: Any) -> str:
        """The text at `key` (dots lead into sections). Raises KeyError for an unknown key."""
        text: Any = self.strings
        for part in key.split("."):
            text = text[part]
        return text.format(**{**self.common, **values})

    def fill(self, text: str) -> str:
        """A text of the clinical content with the numbers in it; other braces stay as they are."""
        for name in NUMBERS:
            text = text.replace(f"{{{name}}}", self.common[name])
        return text

    def lines(self, key: str) -> list[str]:
        """A list of texts at `key`."""
        section, _, name = key.rpartition(".")
        node: Any = self.strings
        for part in section.split("."):
            node = node[part]
        return [text.format(**self.common) for text in node[name]]

    def whom(self, urgency: str, short: bool = False) -> str:
        """Whom to call for this urgency at this hour, in a sentence; `short` leaves out who is closed now."""
        closed = urgency == "same_day" and not self.clinic.is_open(self.now)
        return self.say(f"urgency.{urgency}.{('whom_closed_short' if short else 'whom_closed') if closed else 'whom'}")

    def team(self) -> str:
        """Whom to call at this hour, with the number."""
        clinic, strings = self.clinic, self.strings["contact"]
        values = {
            "team": clinic.ms_team.name,
            "phone": clinic.ms_team.phone,
            "hours": clinic.hours_in_words(),
            "out": clinic.out_of_hours.name,
            "out_phone": clinic.out_of_hours.phone,
        }
        if clinic.ms_team.hours is None:
            return strings["always"].format(**values)
        return strings["open" if clinic.is_open(self.now) else "closed"].format(**values)


NUMBERS = ("emergency", "crisis", "poison")  # what the content's texts may name in braces


def number_in_words(name: str, clinic: Clinic, contact: dict[str, str]) -> str:
    """The emergency number, or the crisis or poison line with its name, of the clinic's country; of several where it is not known."""
    if name == "emergency":
        return clinic.emergency_number
    line = clinic.crisis if name == "crisis" else clinic.poison
    return f"{line.name} {line.phone}" if line else contact[name]


def _line(line: Any) -> str:
    return f"{line.name} ({line.phone})"


def card(assessment: Assessment, case: Case, knowledge: Knowledge, words: Words, model: str | None = None) -> dict[str, Any]:
    """The assessment of the contract (design section 2) as plain data."""
    urgency = assessment.urgency or "routine"
    risks = _risk_entries(assessment, case, knowledge, words)
    return {
        "type": "assessment",
        "urgency": urgency,
        "headline": words.say(f"urgency.{urgency}.headline"),
        "risks": risks,
        "actions": _actions(urgency, risks, words),
        "watch_for": watch_for(assessment, case, knowledge),
        "tell_your_team": _tell_your_team(case, knowledge),
        "contact": contact(words, urgency),
        "not_understood": list(assessment.not_understood),
        "red_flags": assessment.red_flags,
        "findings": told(case, knowledge),
        "results": [_against_usual(result, knowledge) for result in case.labs.values() if result.value is not None],
        "rules": [match.id for match in assessment.matches],
        "notes": assessment.notes,
        "expected_results": sorted(
            {
                name_of(match.rule.subject or "", knowledge)
                for match in assessment.matches
                if match.rule is not None and match.rule.origin == "lab" and match.rule.lowers
            }
        ),
        "sources": sources_of(assessment, knowledge, risks),
        "knowledge_release": knowledge.release,
        "model": model,
    }


def contact(words: Words, urgency: str | None = None) -> dict[str, Any]:
    """Whom to call: the MS team with hours and whether it is open, the out-of-hours line, the emergency number."""
    clinic = words.clinic
    return {
        "clinic": clinic.name,
        "neurologist": clinic.neurologist,
        "ms_team": {
            "name": clinic.ms_team.name,
            "phone": clinic.ms_team.phone,
            "hours": clinic.hours_in_words() or None,
            "open_now": clinic.is_open(words.now),
        },
        "out_of_hours": {"name": clinic.out_of_hours.name, "phone": clinic.out_of_hours.phone},
        "emergency_number": clinic.emergency_number,
        "emergency_numbers": clinic.emergency_numbers,
        "call_first": "emergency" if urgency == "emergency" else "ms_team",
    }


def _actions(urgency: str, risks: list[dict[str, Any]], words: Words) -> list[str]:
    actions = words.lines(f"urgency.{urgency}.actions")
    if risks and risks[0]["advice"]:
        actions.append(risks[0]["advice"])
    return actions


def _risk_entries(assessment: Assessment, case: Case, knowledge: Knowledge, words: Words) -> list[dict[str, Any]]:
    entries = [_risk_entry(risk, matches, assessment, case, knowledge, words) for risk, matches in assessment.risks[:MOST_RISKS]]
    seen: set[str] = set()
    for match in assessment.matches:
        if match.rule is not None and match.rule.origin == "topic" and match.rule.owner not in seen and len(entries) < MOST_RISKS + 1:
            seen.add(match.rule.owner)
            entries.append(_topic_entry(match, knowledge, words))
    return sorted(entries, key=lambda entry: not entry["rules"])  # what a rule speaks for comes before what only shares a sign


def _risk_entry(
    risk: Risk, matches: list[Match], assessment: Assessment, case: Case, knowledge: Knowledge, words: Words
) -> dict[str, Any]:
    evidence = list(dict.fromkeys(item for match in matches for item in sorted(match.evidence)))
    found = set(View(case, knowledge.names).present) | set(case.labs)
    evidence = [item for item in evidence if item in found or item not in knowledge.symptoms or item == "fever"]
    evidence += [item for item in sorted(risk.signs & found) if item not in evidence]
    strongest = max(matches, key=lambda match: rank(match.urgency), default=None)
    own = knowledge.medicines[risk.medicine]
    cite = (strongest.rule.data.get("cite") if strongest and strongest.rule else None) or risk.data.get("cite") or []
    return {
        "id": risk.id,
        "name": risk.data["name"],
        "lay_name": risk.data.get("lay_name") or risk.data["name"],
        "medicine": risk.medicine,
        "urgency": strongest.urgency if strongest else None,
        "why": risk.data.get("why") or f"a known effect of {medicine_name(risk.medicine, knowledge)}",
        "when": risk.data.get("when"),
        "matched": [name_of(item, knowledge) for item in evidence],
        "effect": risk.effect,
        "expected": _is_expected(risk, strongest),
        "advice": _fitting(words.fill(risk.data.get("advice") or ""), assessment.urgency),
        "rules": [match.id for match in matches],
        "basis": strongest.rule.data.get("basis", "proposal") if strongest and strongest.rule else "proposal",
        "sources": sources(cite, own.get("sources", {})) or [OWN_TABLE],
    }


_PRESSING = re.compile(
    r"(?:Call|Contact|Get|Ask|Go|Phone|Seek)\b(?![^.;]*\b(?:for|if|with|when|about)\b)[^.;]*\b(?:today|now|at once|same[ -]day)\b")


def _fitting(advice: str, urgency: str | None) -> str:
    """The advice of a risk, unless it asks for help today where the urgency does not."""
    return "" if rank(urgency) < rank("same_day") and _PRESSING.match(advice) else advice


def _is_expected(risk: Risk, strongest: Match | None) -> bool:
    """A common effect that its own rule explains; a serious risk is never called expected."""
    common = risk.effect or risk.data.get("seriousness") == "common"
    return common and strongest is not None and strongest.rule is not None and bool(strongest.rule.lowers)


def _topic_entry(match: Match, knowledge: Knowledge, words: Words) -> dict[str, Any]:
    topic = knowledge.topics[match.rule.owner] if match.rule else {}
    return {
        "id": topic["id"],
        "name": topic["name"],
        "lay_name": topic.get("lay_name") or topic["name"][0].lower() + topic["name"][1:],
        "medicine": None,
        "urgency": match.urgency,
        "why": topic.get("definition") or "it can come with MS",
        "when": None,
        "matched": [name_of(item, knowledge) for item in sorted(match.evidence)],
        "effect": False,
        "expected": False,
        "lead": topic.get("lead"),
        "advice": words.fill(topic.get("advice") or ""),
        "facts": [words.fill(fact["text"]) for fact in topic.get("facts", [])],
        "rules": [match.id],
        "basis": "proposal",
        "sources": sources(topic.get("cite") or [], knowledge.data["sources"]) or [OWN_TABLE],
    }


def sources(cites: Iterable[dict[str, Any]], table: dict[str, Any]) -> list[dict[str, Any]]:
    """Citations as the contract shows them: id, title, section, url, and whether the source was read or recalled."""
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    for cite in cites:
        source = table.get(cite["source"], {})
        found[cite["source"], cite.get("section")] = {
            "id": cite["source"],
            "title": source.get("title", cite["source"]),
            "section": cite.get("section"),
            "url": source.get("url"),
            "publisher": source.get("publisher"),
            "basis": cite.get("basis"),
        }
    return list(found.values())


def sources_of(assessment: Assessment, knowledge: Knowledge, risks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All sources of an assessment, each once; the project's own table where a default level spoke."""
    listed = [source for risk in risks for source in risk["sources"]]
    for flag in assessment.red_flags:
        listed += sources(knowledge.red_flags[flag].get("cite") or [], knowledge.data["sources"])
    for match in assessment.matches:
        if match.rule is not None and match.rule.origin == "lab":
            listed += sources(knowledge.labs[match.rule.owner].get("cite") or [], knowledge.data["sources"])
    unique = {(source["id"], source.get("section")): source for source in listed}
    return list(unique.values()) or [OWN_TABLE]


def name_of(identifier: str, knowledge: Knowledge) -> str:
    """The plain name of a symptom, test, fact or red flag."""
    if identifier in knowledge.symptoms:
        return knowledge.symptoms[identifier]["name"]
    if identifier in knowledge.labs:
        return knowledge.labs[identifier]["lay_names"][0]
    if identifier in knowledge.red_flags:
        name = knowledge.red_flags[identifier]["name"]
        return name[0].lower() + name[1:]
    fact = knowledge.facts.get(identifier, {})
    if fact.get("name") or fact.get("phrases"):
        return fact.get("name") or fact["phrases"][0]
    return identifier.replace("_", " ")


def told(case: Case, knowledge: Knowledge) -> list[str]:
    """What the person told, one short phrase each: findings, results, temperature."""
    present = {finding.id: finding for finding in case.findings.values() if finding.status == PRESENT}
    narrow = knowledge.names.descendants
    said = [_finding(finding, knowledge) for name, finding in present.items()
            if not any(other != name and other in narrow.get(name, ()) for other in present)]
    if case.temperature is not None:
        said = [item for item in said if not item.startswith("fever")] + [f"temperature {case.temperature:g} °C"]
    said += [f"{name_of(finding.id, knowledge)} (gone now)" for finding in case.findings.values() if finding.is_gone]
    said += [result_in_words(result, knowledge) for result in case.labs.values()]
    said += [name_of(name, knowledge) for name, value in case.facts.items()
             if value == YES and name != "otherwise_well" and not knowledge.facts.get(name, {}).get("opposite")]
    return said + [f"“{words}”" for words in case.not_understood]


def _finding(finding: Any, knowledge: Knowledge) -> str:
    attributes = finding.attributes
    parts = [knowledge.symptoms.get(finding.id, {}).get("name", finding.id.replace("_", " "))]
    if attributes.get("side") in ("left", "right", "both"):
        parts.append("both sides" if attributes["side"] == "both" else f"{attributes['side']} side")
    if attributes.get("onset") == "sudden":
        parts.append("sudden")
    if attributes.get("duration", "").startswith("P"):
        parts.append(f"for {in_words(attributes['duration'])}")
    return ", ".join(parts)


def result_in_words(result: Any, knowledge: Knowledge) -> str:
    """A result as `neutrophils 0.7 10^9/L` or `JC virus antibody: positive`."""
    name = name_of(result.test, knowledge)
    if result.value is not None:
        sign = result.comparator if result.comparator not in ("=", None) else ""
        unit = f" {result.unit}" if result.unit and result.unit not in ("index", "category") else ""
        return f"{name} {sign}{result.value:g}{unit}"
    if result.times_uln is not None:
        return f"{name} {result.times_uln:g} times the upper limit"
    return f"{name}: {result.category or result.flag or 'not clear'}"


def own_result(result: Any, knowledge: Knowledge, words: Words) -> str:
    """A result that the person asks about: beside the usual range, and on which side of it."""
    low, high = _usual(result, knowledge)
    place = ("low" if low is not None and result.value < low else "high" if high is not None and result.value > high
             else "usual" if (low, high) != (None, None) else "unknown")
    return words.say("own_result.told", result=_against_usual(result, knowledge)) + " " + words.say(f"own_result.{place}")


def _usual(result: Any, knowledge: Knowledge) -> tuple[float | None, float | None]:
    """The lower and upper end of what is usual: of the report itself, else of the content."""
    usual = result.reference or [knowledge.labs[result.test].get("reference_range", {}).get(end) for end in ("low", "high")]
    low, high = (limit if isinstance(limit, int | float) else None for limit in usual)
    return low, high


def _is_usual(result: Any, knowledge: Knowledge) -> bool:
    low, high = _usual(result, knowledge)
    return result.value is not None and (low, high) != (None, None) and (low is None or result.value >= low) \
        and (high is None or result.value <= high)


def _against_usual(result: Any, knowledge: Knowledge) -> str:
    """A result beside the usual range: `white cells 2.1 10^9/L (usual: 4 to 11)`."""
    low, high = _usual(result, knowledge)
    if low is None and high is None:
        return result_in_words(result, knowledge)
    span = f"{low:g} to {high:g}" if low is not None and high is not None else f"up to {high:g}" if high is not None else f"from {low:g}"
    return f"{result_in_words(result, knowledge)} (usual: {span})"


def watch_for(assessment: Assessment, case: Case, knowledge: Knowledge) -> list[str]:
    """Danger signs of what leads, in plain names: those that would make it an emergency by themselves, told ones left out."""
    view = View(case, knowledge.names)
    names: list[str] = []
    for rule in danger_rules(view, knowledge, assessment.matches, assessment.risks):
        for part in alternatives(rule):
            if isinstance(part, Symptom) and not view.symptom(part.id) and _would_complete(part, rule, case, knowledge):
                name = knowledge.symptoms[part.id]["name"]
                if name not in names:
                    names.append(name)
    return names[:MOST_SIGNS]


def _would_complete(sign: Symptom, rule: Rule, case: Case, knowledge: Knowledge) -> bool:
    with_it = replace(case, findings={**case.findings, sign.id: Finding(sign.id)})
    return any(rule.condition.evaluate(View(with_it, knowledge.names), use, False) for use in (*case.taken(), None))


def _tell_your_team(case: Case, knowledge: Knowledge) -> list[str]:
    lines = [use_in_words(use, knowledge) for use in case.taken()]
    lines += [f"Medicine not known to the assistant: “{words}”" for words in case.unknown_medicines]
    found = told(case, knowledge)
    if found:
        lines.append("What I noticed: " + "; ".join(found))
    return lines


def use_in_words(use: Any, knowledge: Knowledge) -> str:
    times = [
        f"{label} {in_words(value)} ago"
        for label, value in (("first dose", use.since_first_dose), ("last dose", use.since_last_dose), ("stopped", use.since_stop))
        if value
    ]
    state = "taken before" if use.status == "past" else "taken now"
    return f"{medicine_name(use.id, knowledge)}: {state}" + (f" ({', '.join(times)})" if times else "")


def answer_text(data: dict[str, Any], case: Case, knowledge: Knowledge, words: Words, asks: Question | None = None,
                beside: int = 0) -> str:
    """The answer in plain words: urgency first, whom to call, the first risk and why, what to watch for.

    Where it would be longer than MOST_WORDS, or longer than MOST_WORDS_OF_A_TURN with the question that follows (`asks`, as it is put) and
    what is said `beside` it (words), details give way first; they come on "more". With a question nothing is said about "more", and danger
    signs that it asks about are not listed twice.
    """
    most = min(MOST_WORDS, MOST_WORDS_OF_A_TURN - beside - (len(asks.text.split()) if asks else 0))
    most -= len(words.say("answer.same_level").split())  # which may come before it
    text = ""
    for length in _LENGTHS:
        text = "\n".join(_answer_with(length, data, case, knowledge, words, asks.id if asks else ""))
        if len(text.split()) <= most:
            break
    return text


class Length(NamedTuple):
    """How much an answer says: findings, danger signs and sentences of advice at most, the rest in fewer words, whom to call in fewest."""

    findings: int
    signs: int
    advice: int
    short: bool = False
    whom_short: bool = False


_LENGTHS = (
    Length(5, MOST_SIGNS, 9), Length(5, MOST_SIGNS, 1), Length(3, 3, 1), Length(2, 2, 1), Length(2, 2, 1, True), Length(1, 1, 1, True),
    Length(1, 1, 0, True), Length(1, 1, 0, True, True))


def _answer_with(length: Length, data: dict[str, Any], case: Case, knowledge: Knowledge, words: Words, asks: str) -> list[str]:
    urgency, short = data["urgency"], length.short
    first = [data["headline"], words.whom(urgency, length.whom_short), *_for_today(data, knowledge, words)]
    understood = [item for item in data["findings"] if not item.startswith("“")]
    if len(understood) > length.findings:  # those that the first risk rests on come first
        matched = tuple(name for risk in data["risks"][:1] for name in risk["matched"])
        understood.sort(key=lambda item: not item.startswith(matched))
    parts = [words.say("answer.you_told", findings="; ".join(understood[:length.findings]))] if understood else []
    reason = _reason(data, case, knowledge, words)
    if not (short and reason):
        parts += [words.say(f"answer.rules.{rule}") for rule in data["rules"] if rule in words.strings["answer"]["rules"]][:1]
    parts += [*reason[:1], *(" ".join(re.split(r"(?<=[.!?]) ", text)[:length.advice]) for text in reason[1:])]
    parts += [words.say(f"answer.{note}") for note in data["notes"]]
    if case.age_years is not None and case.age_years < ADULT:
        parts.append(words.say("answer.child_short" if short else "answer.child"))
    parts += [words.say("answer.unknown_medicine", words=quoted(item)) for item in case.unknown_medicines[:2] if item != "not known"]
    parts += [words.say("answer.not_understood", words=quoted(item)) for item in case.not_understood[:2]]
    lines = [" ".join(first), " ".join(filter(None, parts))]
    if urgency != "emergency" and not asks.startswith("danger"):
        signs = "; ".join(data["watch_for"][:length.signs])
        lines.append(words.say("answer.danger", signs=signs) if signs else words.say("answer.danger_plain"))
    lines += [] if asks else [words.say("answer.more_short" if short else "answer.more")]
    return [line for line in lines if line]


def advice_again(data: dict[str, Any], case: Case, knowledge: Knowledge, words: Words) -> str:
    """The advice once more, in short: what to do, why, where that comes from, and that a person knows better."""
    flags = [name_of(flag, knowledge) for flag in data["red_flags"][:1]]  # a red flag needs no further reason
    told_of = [item for item in data["findings"] if not item.startswith("“")] or flags
    because = [words.say("answer.because", findings="; ".join(told_of[:2]))] if told_of else []
    reason = [] if flags else _reason(data, case, knowledge, words)[:1]
    cites = [cite for flag in data["red_flags"][:1] for cite in knowledge.red_flags[flag].get("cite") or []]
    fired = [source for risk in data["risks"] if risk["rules"] for source in risk["sources"]]
    cited = fired or sources(cites, knowledge.data["sources"]) or data["sources"]
    end = words.say(f"answer.{'no_time_to_doubt' if data['urgency'] == 'emergency' else 'can_be_wrong'}")
    source = words.say("answer.source", title=cited[0]["title"])
    return " ".join([data["headline"], words.whom(data["urgency"]), *because, *reason, source, end])


def _for_today(data: dict[str, Any], knowledge: Knowledge, words: Words) -> list[str]:
    """What a red flag that is for today asks for. The words of one that is an emergency are spoken before all else."""
    flags = [knowledge.red_flags[flag] for flag in data["red_flags"]] if data["urgency"] == "same_day" else []
    return [words.fill(flag["instruction"]) for flag in flags if flag["urgency"] == "same_day"][:1]


def quoted(said: str) -> str:
    """The beginning of what a person said, short enough to stand in a sentence."""
    return said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE].rsplit(' ', 1)[0]} ..."


def _reason(data: dict[str, Any], case: Case, knowledge: Knowledge, words: Words) -> list[str]:
    urgent = rank(data["urgency"]) >= rank("soon")
    fired = [risk for risk in data["risks"] if risk["rules"] or (risk["matched"] and (urgent or risk["effect"]))]
    if data["expected_results"] and case.taken() and not any(risk["rules"] and risk["medicine"] for risk in fired):
        names = ", ".join(medicine_name(use.id, knowledge) for use in case.taken())
        return [words.say("answer.expected_result", tests=", ".join(data["expected_results"]), medicine=names)]
    # What is to be planned waits behind a complaint.
    fired = [risk for risk in fired if not risk.get("lead") or rank(risk["urgency"]) >= rank(data["urgency"])]
    if fired:
        first = fired[0]
        if first["medicine"] is None:
            return [first.get("lead") or words.say("answer.fits_topic", topic=first["lay_name"]), first["advice"]]
        if first["id"] == f"{first['medicine']}_pregnancy":
            return [words.say("answer.about_pregnancy", medicine=medicine_name(first["medicine"], knowledge)), first["advice"]]
        key = "expected" if first["expected"] else "effect" if first["effect"] else "fits"
        lines = [words.say(f"answer.{key}", risk=_lay_name(first), medicine=medicine_name(first["medicine"], knowledge))]
        return [*lines, first["advice"]]
    if data["urgency"] == "emergency" or case.no_medicine or case.not_understood:
        return []
    if not case.has_complaint():
        return [words.say("answer.passed" if rank(data["urgency"]) >= rank("same_day") else "answer.nothing_told")]
    only_results = rank(data["urgency"]) <= rank("routine") and len(data["findings"]) == len(case.labs)
    if only_results and all(_is_usual(result, knowledge) for result in case.labs.values()):
        return [words.say("answer.usual_results")]
    return [words.say("answer.no_risk" if case.taken() else "answer.no_medicine_known")]


def _lay_name(risk: dict[str, Any]) -> str:
    """The plain name behind the short form that people hear from their team: "PML, a rare, serious brain infection"."""
    short = re.search(r"\(([A-Z]{2,5})\)", risk["name"])
    return f"{short[1]}, {risk['lay_name']}" if short and short[1] not in risk["lay_name"] else risk["lay_name"]


def more_parts(data: dict[str, Any], words: Words) -> list[str]:
    """The rest of the answer in parts that a tired person can read: what to watch for, then each risk with what to do until then, where it
    comes from and why. Each part that is not the last says how to get the next."""
    told = [words.say("answer.results", results="; ".join(data["results"]))] if data["results"] else []
    warns = data["watch_for"] and data["urgency"] != "emergency"
    told += [words.say("answer.danger", signs="; ".join(data["watch_for"]))] if warns else []
    told.append(words.say("answer.keep_taking"))
    told += [_about_risk(risk) for risk in data["risks"]]
    behind = [source for source in data["sources"] if not any(source in risk["sources"] for risk in data["risks"])]
    parts = _parted([*told, *filter(None, [_sources(behind)])], MOST_WORDS_OF_A_PART)
    last = len(parts)
    ends = [words.say("answer.part" if number < last else "answer.last_part", number=number, last=last) for number in range(1, last + 1)]
    return [f"{part}\n\n{end}" for part, end in zip(parts, ends, strict=True)] if last > 1 else parts


def _parted(paragraphs: list[str], most: int) -> list[str]:
    """The paragraphs in parts of at most so many words. One that does not fit is parted at the ends of its sentences."""
    parts = [""]
    for paragraph in paragraphs:
        fits = len(f"{parts[-1]} {paragraph}".split()) <= most
        pieces = [paragraph] if fits else re.findall(r".+?(?:[.!?](?= )|\n|$)", paragraph)
        for piece in pieces:
            if len(f"{parts[-1]} {piece}".split()) > most:
                parts.append("")
            parts[-1] += piece
        parts[-1] += "\n\n"
    return [part.strip() for part in parts]


def _about_risk(risk: dict[str, Any]) -> str:
    """What to do and where it comes from stand first: the paragraph may be parted."""
    matched = f" It fits because of: {', '.join(risk['matched'])}." if risk["matched"] else ""
    why = f"About it: {risk['why'].rstrip('.')}." if risk["why"] else ""
    lines = [f"{risk['name']}.{matched}", risk["advice"], _sources(risk["sources"]), why,
             f"When: {risk['when']}." if risk.get("when") else "", *risk.get("facts", [])]
    return "\n".join(filter(None, lines))


def _sources(listed: list[dict[str, Any]]) -> str:
    named = [f"{source['title']}{', ' + str(source['section']) if source.get('section') else ''}" for source in listed[:MOST_SOURCES]]
    return f"Sources: {'; '.join(named)}." if named else ""


def safe_text(words: Words) -> str:
    """What a patient reads when something failed: safe to act on, with both numbers."""
    return words.say("safe")
