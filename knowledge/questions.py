"""Answers to questions from the content: what a medicine can do, what to check, how long it lasts, with the source.

Plain words come from `content/answers/`, facts and sources from the medicine, test and topic files. Nothing here says that
something present is harmless, names a dose, or tells anyone to stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from knowledge.language.text import normalise
from knowledge.release import SERIOUSNESS, Knowledge

Entity = dict[str, Any]

# What a question about one medicine wants; the first that fits. `&` joins words that must all be there, `|` is "or".
ASPECTS: dict[str, tuple[str, ...]] = {
    "vaccines": ("vaccin*|jab|jabs|immunis*|immuniz*|shots|flu shot|booster*|yellow fever",),
    "pregnancy": ("pregnan*|baby|babies|breastfe*|breast feed*|breast-fe*|conceive|contracept*|father|nursing|kids|children|unborn",),
    "alcohol": ("alcohol|wine|beer|drink|drinking|booze|spirits|pint",),
    "checks": (
        "check|checks|checkup*|check-up*|monitor*|blood test*|bloods|screening|mri|scan|scans|tests|how often",
        "test & need|have to|must",
    ),
    "side_effects": (
        "side effect*|side-effect*|sideeffect*|risk|risks|danger*|warnings|adverse|safe|worst|watch for|look out|sign|signs",
        "what can & do",
    ),
    "lasting": (
        "how long|stay*|out of my system|out of your system|leave my body|wash*|wear off|wears off|half life|come back"
        "|after stopping|if i stop|if you stop"
        "|when i stop|coming off|stopping|stopped|persist*",
    ),
    "with_others": (
        "interact*|ibuprofen|paracetamol|antibiotic*|aspirin|antidepress*|painkiller*|together with|combine*|mix|mixed"
        "|with other|supplement*|food|foods|diet|eat",
    ),
    "kind": (
        "who|chemo*|what is|what's|whats|what kind|what sort|immunosuppress*|immune system|antibody|explain|tell me|know about|all about"
        "|steroid|difference|compare*|versus|vs",
        "how & work*",
    ),
}
_BEFORE_EFFECTS = ("vaccines", "pregnancy", "alcohol", "checks")  # these are wanted even when an effect is named too
_WHICH = "which|what & drug*|medicine*|medication*|treatment*|dmt*|tablet*|one|ones|meds"
_CAUSE = (
    "cause*|causing|lower*|reduc*|rais*|trigger*|give|lead|risk*|affect*|side effect*|known for|linked|highest|most"
    "|worst|bad for|harm*|damage*|drop"
)
_GROUP_NAMES = {
    "interferon": "the interferons",
    "s1p": "fingolimod and its relatives (S1P medicines)",
    "fumarate": "the fumarates (such as Tecfidera)",
    "anti_cd20": "the B-cell antibodies (such as Ocrevus)",
}
_STARTS_TO_WORK = "to work|start working|starts working|kick in|kicks in|take effect"  # no source says when
_GROUP_WORDS = {"s1p": "s1p*|sphingosine*", "fumarate": "fumarate*", "anti_cd20": "cd20*|anti-cd20*|b-cell drug*|b cell drug*"}
_MOST_MEDICINES = 2


def is_told(entity: Entity) -> bool:
    """The person has it, as opposed to asking about it."""
    if entity["entity"] == "lab_result":
        status, value = entity["value"].get("status", "current"), entity["value"].get("value")
        return status == "current" or status == "asked" and isinstance(value, int | float)
    return entity.get("role", "present") == "present"


def answer_question(text: str, entities: list[Entity], knowledge: Knowledge, taking: Sequence[str] = ()) -> str | None:
    """The answer in words, or None when the content has none. `taking`: ids of the person's medicines, for "what checks do I need?"."""
    answers = knowledge.data.get("answers")
    if not answers:
        return None
    words = normalise(text)
    named = list(
        dict.fromkeys(entity["value"] for entity in entities if entity["entity"] == "medicine" and entity.get("role") != "negated")
    )
    named = [medicine for medicine in named if medicine in knowledge.medicines] or _hinted(entities, knowledge)
    general = next((item for item in answers["answers"] if _general_fits(item, words, bool(named))), None)
    if general and (not taking or named or not _about_own(words)):
        return _with_source(general["answer"], general["cite"], knowledge.data["sources"])
    own = _about_own(words) or any(_says(line, words) for aspect in _BEFORE_EFFECTS for line in ASPECTS[aspect])
    medicines = named or ([item for item in taking if item in knowledge.medicines] if own else [])
    effect = _effect(words, entities, answers["effects"], knowledge)
    group = next((group for group, asks in _GROUP_WORDS.items() if _says(asks, words)), None)
    if effect and group and not named:
        return _which_medicines(effect, knowledge, knowledge.data["groups"]["medicines"][group])
    found = [_about(medicine, words, effect, entities, knowledge) for medicine in medicines[:_MOST_MEDICINES]]
    told = " ".join(answer for answer in found if answer)
    return (
        told
        or _normal_range(words, entities, knowledge)
        or (_which_medicines(effect, knowledge) if effect and (_asks_which(words) or not medicines and not taking) else None)
    )


def names_an_effect(text: str, knowledge: Knowledge) -> bool:
    """The words name something that a medicine can do: "do I have to worry about PML" is no matter for somebody else."""
    answers = knowledge.data.get("answers")
    return bool(answers) and _effect(normalise(text), [], answers["effects"], knowledge) is not None


def _about(medicine: str, words: str, effect: dict[str, Any] | None, entities: list[Entity], knowledge: Knowledge) -> str | None:
    """The answer about one medicine: the aspect asked for, an effect, or a symptom as a sign of a risk."""
    aspects = [aspect for aspect, lines in ASPECTS.items() if any(_says(line, words) for line in lines)]
    if _says(_STARTS_TO_WORK, words):
        aspects = [aspect for aspect in aspects if aspect != "lasting"]
    first = aspects[0] if aspects else None
    if effect and first not in _BEFORE_EFFECTS:
        return _effect_answer(medicine, effect, knowledge)
    symptom = next(
        (entity["value"] for entity in entities if entity["entity"] == "symptom" and entity["value"] in knowledge.symptoms), None
    )
    if symptom and first not in _BEFORE_EFFECTS:
        return _sign_answer(medicine, symptom, knowledge)
    return next(filter(None, (_aspect_answer(medicine, aspect, knowledge) for aspect in aspects)), None)


# One medicine, one aspect


def _aspect_answer(medicine: str, aspect: str, knowledge: Knowledge) -> str | None:
    blocks = [block for block in knowledge.data["answers"]["medicines"] if medicine in block["for"]]
    text = next((block[aspect] for block in blocks if aspect in block), None)
    if text is None and aspect == "alcohol":
        text = (
            "My sources give no rule about alcohol with {name}. That does not mean that any amount is safe. Ask your MS team or pharmacist."
        )
    if text is None:
        return None
    data = knowledge.medicines[medicine]
    cite = {
        "vaccines": data["vaccines_and_interactions"].get("cite"),
        "with_others": data["vaccines_and_interactions"].get("cite"),
        "alcohol": data["vaccines_and_interactions"].get("cite"),
        "pregnancy": data["pregnancy"].get("cite"),
        "lasting": data["after_stopping"].get("cite"),
        "checks": [cite for check in data.get("monitoring", []) for cite in check.get("cite", [])],
    }.get(aspect) or data["risks"][0]["cite"]
    return _with_source(text.replace("{name}", _name(medicine, knowledge)), cite, data["sources"])


# Can X cause Y?


def _effect(words: str, entities: list[Entity], effects: list[dict[str, Any]], knowledge: Knowledge) -> dict[str, Any] | None:
    """The effect that the question names, by its words first, then by a test or symptom that was read."""
    by_words = [effect for effect in effects if _says("|".join(effect["words"]), words)]
    if by_words:
        return by_words[0]
    tests = {entity["value"]["test"] for entity in entities if entity["entity"] == "lab_result"}
    symptoms = {entity["value"] for entity in entities if entity["entity"] == "symptom"}
    return next((effect for effect in effects if tests & set(effect.get("tests", ())) or symptoms & set(effect.get("symptoms", ()))), None)


def hits(medicine: str, effect: dict[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Risks and common effects of a medicine that are this effect, the most serious first."""
    if effect.get("only") and medicine not in effect["only"]:
        return []
    data = knowledge.medicines[medicine]
    listed = [item for item in (*data["risks"], *data.get("common_effects", [])) if item["id"].endswith(tuple(effect["risks"]))]
    return sorted(listed, key=lambda item: -SERIOUSNESS.get(item.get("seriousness", ""), 0))


def _effect_answer(medicine: str, effect: dict[str, Any], knowledge: Knowledge) -> str:
    data, name = knowledge.medicines[medicine], _name(medicine, knowledge)
    found = hits(medicine, effect, knowledge)
    unproven = any(
        _says("|".join(effect["words"]), normalise(re.split(r"[(:]", item)[0]))
        for item in data.get("not_established", [])
        if not item.startswith("that ")
    )
    lay = effect["name"]
    if medicine in effect.get("notes", {}):
        start = effect["notes"][medicine]
    elif found and found[0]["lay_name"].startswith("possible"):
        start = f"My sources warn of {lay} with {name}, but a link in MS is not proven."
    elif found:
        kind = "risk" if found[0].get("seriousness") else "effect"
        start = f"Yes. {_capital(found[0]['lay_name'])}: this is a known {kind} of {name}. It does not happen to everyone.{_when(found[0])}"
    elif unproven:
        start = f"My sources list {lay} as not established for {name}. A link is not proven, but that does not rule it out."
    else:
        start = f"My sources do not name {lay} as a risk of {name}. That does not rule it out."
    cite = (found[0].get("cite") if found else None) or data["risks"][0]["cite"]
    return _with_source(f"{start} {effect['call']}", cite, data["sources"])


def _when(risk: dict[str, Any]) -> str:
    """When it comes, if the file says so in plain words."""
    when = re.split(r"[;(.,]", risk.get("when") or "")[0].strip()
    plain = 3 <= len(when.split()) <= 12 and not re.search(r"median|mean|B cells|LLN|CMV|low lymphocytes", when)
    if when == "any time":
        return " It can come at any time."
    return f" When: {when}." if plain else ""


def _sign_answer(medicine: str, symptom: str, knowledge: Knowledge) -> str:
    """A symptom that is asked about: which of the medicine's risks it can be a sign of."""
    data, name = knowledge.medicines[medicine], _name(medicine, knowledge)
    same = knowledge.names.descendants.get(symptom, frozenset({symptom}))
    effects = [item for item in data.get("common_effects", []) if same & set(item["signs"])]
    risks = sorted(
        (item for item in data["risks"] if same & set(item["signs"])), key=lambda item: -SERIOUSNESS.get(item.get("seriousness", ""), 0)
    )
    lay, level = knowledge.symptoms[symptom]["name"], _LEVELS[knowledge.symptoms[symptom]["urgency"]]
    if not effects and not risks:
        text = f"My sources do not name {lay} as an effect of {name}. That does not rule it out. {level}"
        return _with_source(text, data["risks"][0]["cite"], data["sources"])
    parts = [f"Yes, {lay} can happen with {name}."]
    if effects:
        parts.append("It is among the common effects.")
    if risks:
        parts.append(
            f"It can also be a sign of: {' or '.join(item['lay_name'] for item in risks[:2])}."
            if effects
            else f"It can be a sign of: {' or '.join(item['lay_name'] for item in risks[:2])}."
        )
    return _with_source(" ".join([*parts, level]), (risks or effects)[0].get("cite") or data["risks"][0]["cite"], data["sources"])


_LEVELS = {
    "emergency": "If you have it now, call the emergency number.",
    "same_day": "If you have it now, contact your MS team today. Tell me about it, so that I can say how urgent it is.",
    "soon": "If you have it now, tell me about it, so that I can say how urgent it is, or call your MS team in the next 1 to 3 days.",
    "routine": "If you have it now, tell me about it, so that I can say how urgent it is.",
    "self_care": "If you have it now, tell me about it, so that I can say how urgent it is.",
}


# Which medicines cause Y?


def _asks_which(words: str) -> bool:
    return _says(f"{_WHICH} & {_CAUSE}", words) or _says("which", words)


def _which_medicines(effect: dict[str, Any], knowledge: Knowledge, among: Iterable[str] = ()) -> str | None:
    """The medicines that have this effect, of those `among` (ids; all when there are none)."""
    found = {medicine: hits(medicine, effect, knowledge) for medicine in among or knowledge.medicines}
    listed = {medicine: risks for medicine, risks in found.items() if risks}
    if not listed:
        return None
    order = sorted(listed, key=lambda medicine: -SERIOUSNESS.get(listed[medicine][0].get("seriousness", ""), 0))
    names: list[str] = []
    for medicine in order:
        group = next(
            (
                group
                for group in _GROUP_NAMES
                if medicine in (members := knowledge.data["groups"]["medicines"][group]) and set(members) <= set(listed)
            ),
            None,
        )
        label = _GROUP_NAMES[group] if group else _name(medicine, knowledge).split(" (")[0]
        if label not in names:
            names.append(label)
    return (
        f"My sources name {effect['name']} for: {', '.join(names)}. How often differs a lot, and most people do not get it. "
        f"Others may cause it too. {effect['call']} Source: the product labels of these medicines."
    )


# Normal ranges


def _normal_range(words: str, entities: list[Entity], knowledge: Knowledge) -> str | None:
    tests = [entity["value"]["test"] for entity in entities if entity["entity"] == "lab_result"]
    test = next((knowledge.labs[test] for test in tests if test in knowledge.labs), None)
    if test is None or not _says("normal|range|should|healthy|reference|too low|too high|ought", words):
        return None
    limits = _limits(test.get("reference_range") or {}, test["canonical_unit"])
    if not limits:
        return None
    return _with_source(
        f"For {test['lay_names'][0]}, {limits} in adults. Laboratories differ, so the range on your own report counts. "
        "Tell me your result with its unit, and I can say how urgent it is.",
        test.get("cite") or [],
        knowledge.data["sources"],
    )


def _limits(reference: dict[str, Any], unit: str) -> str | None:
    low, high = reference.get("low"), reference.get("high")
    if isinstance(low, int | float) and isinstance(high, int | float):
        return f"a usual range is {low:g} to {high:g} ({unit})"
    if isinstance(high, int | float):
        return f"a usual result is up to {high:g} ({unit})"
    return f"a usual result is {low:g} or more ({unit})" if isinstance(low, int | float) else None


# Words


def _general_fits(item: dict[str, Any], words: str, medicine_named: bool) -> bool:
    if medicine_named and item.get("only_without_medicine"):
        return False
    return any(_says(asks, words) for asks in item["asks"]) and not any(_says(asks, words) for asks in item.get("unless", ()))


def _says(asks: str, words: str) -> bool:
    """Whether all groups of words in `asks` ("a|b & c*") stand in `words`."""
    return all(pattern.search(words) for pattern in _patterns(asks))


@lru_cache(maxsize=1000)
def _patterns(asks: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile("|".join(_word(item.strip()) for item in group.split("|") if item.strip())) for group in asks.split(" & "))


def _word(item: str) -> str:
    return rf"(?<!\w){re.escape(item.rstrip('*'))}" + (r"\w*" if item.endswith("*") else "") + r"(?!\w)"


def _about_own(words: str) -> bool:
    return _says("my|i|it|this|me|these", words)


def _hinted(entities: Iterable[Entity], knowledge: Knowledge) -> list[str]:
    """A medicine that was only described, when one candidate stands for all ("interferon", "steroids")."""
    for entity in entities:
        if entity["entity"] == "medicine_hint":
            candidates = entity.get("candidates") or entity["value"]
            return [item for item in (candidates if isinstance(candidates, list) else [candidates]) if item in knowledge.medicines][:1]
    return []


def _name(medicine: str, knowledge: Knowledge) -> str:
    return str(knowledge.medicine_names.get(medicine, medicine))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _with_source(text: str, cites: Iterable[dict[str, Any]], table: dict[str, Any]) -> str:
    """The text with the title of its first source that has one."""
    title = next(
        (table[cite["source"]]["title"] for cite in cites if table.get(cite["source"], {}).get("title")), "this project's own content"
    )
    return f"{_capital(text)} Source: {title}."
