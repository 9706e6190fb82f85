"""The note for the MS team, in SBAR order, and the list of what was understood: structured records first, words second."""

from __future__ import annotations

from typing import Any

from knowledge.case import DENIED, Case
from knowledge.interview import medicine_name
from knowledge.release import Knowledge
from knowledge.wording import Words, name_of, result_in_words, told, use_in_words


def summary_card(case: Case, assessment: dict[str, Any] | None, knowledge: Knowledge, words: Words) -> dict[str, Any]:
    """Situation, Background, Assessment, Recommendation as sections of lines, and the same as text to copy."""
    sections = [
        {"title": "Situation", "lines": _situation(case, knowledge)},
        {"title": "Background", "lines": _background(case, knowledge)},
        {"title": "Assessment (by a computer program, not by a clinician)", "lines": _assessed(assessment)},
        {"title": "Recommendation", "lines": list(assessment["actions"]) if assessment else ["Not finished."]},
    ]
    heading = f"Note for the MS team, {words.now:%d %B %Y, %H:%M}"
    text = "\n\n".join([heading, *("\n".join([section["title"], *(f"- {line}" for line in section["lines"])]) for section in sections)])
    return {"type": "summary", "title": heading, "sections": sections, "text": text, "case": case.to_dict()}


def _situation(case: Case, knowledge: Knowledge) -> list[str]:
    lines = [f"In the person's words: “{said}”" for said in case.words[:6]]
    found = told(case, knowledge)
    if found:
        lines.append("Reported: " + "; ".join(found))
    lines += [f"Red flag: {name_of(flag, knowledge)}" for flag in case.red_flags]
    denied = [name_of(finding.id, knowledge) for finding in case.findings.values() if finding.status == DENIED]
    if denied:
        lines.append("Denied: " + ", ".join(denied))
    return lines or ["Nothing reported yet."]


def _background(case: Case, knowledge: Knowledge) -> list[str]:
    lines = [use_in_words(use, knowledge) for use in case.taken()]
    lines += [f"{medicine_name(use.id, knowledge)}: planned" for use in case.medicines.values() if use.status == "planned"]
    lines += [f"Medicine in the person's words: “{said}”" for said in case.unknown_medicines]
    if case.no_medicine:
        lines.append("Takes no MS medicine")
    if case.other_medicines:
        lines.append("Other medicines: " + ", ".join(case.other_medicines))
    if case.age_years:
        lines.append(f"Age {case.age_years:g}")
    lines += [f"Result: {result_in_words(result, knowledge)}" + (f" (before: {result.previous:g})" if result.previous is not None else "")
              for result in case.labs.values()]
    return lines or ["MS medicine not known."]


def _assessed(assessment: dict[str, Any] | None) -> list[str]:
    if assessment is None:
        return ["No advice was given yet."]
    lines = [f"Urgency: {assessment['headline']}"]
    lines += [f"{risk['name']}: {', '.join(risk['matched'])}" for risk in assessment["risks"]]
    lines += [f"Not understood: “{said}”" for said in assessment["not_understood"]]
    return [*lines, f"Knowledge release {assessment['knowledge_release']}, model {assessment['model'] or 'none'}"]


def understood_card(case: Case, knowledge: Knowledge) -> dict[str, Any]:
    """Each understood item with the words that change it."""
    items = [{"label": "Medicine", "value": use_in_words(use, knowledge), "change": f"not {medicine_name(use.id, knowledge)}"}
             for use in case.taken()]
    items += [{"label": "Medicine", "value": f"“{said}” (not known to me)", "change": "change my medicine"}
              for said in case.unknown_medicines]
    items += [{"label": "You have", "value": said, "change": f"I don't have {said.split(',')[0]}"} for said in told(case, knowledge)]
    denied = [name_of(finding.id, knowledge) for finding in case.findings.values() if finding.status == DENIED]
    if denied:
        items.append({"label": "You don't have", "value": ", ".join(denied), "change": "that's wrong"})
    items += [{"label": "Emergency sign", "value": name_of(flag, knowledge), "change": "that's wrong"} for flag in case.red_flags]
    return {"type": "understood", "items": items}
