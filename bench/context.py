"""medspaCy's ConText, asked in the peers' own Python 3.10: `python context.py TASK.json ANSWERS.json`.

The task is a list of {"text", "mentions": [[start, end], ...]}; the answer is the status of each mention. Called by `bench.language`.
"""

import json
import sys
from pathlib import Path

import spacy
from medspacy.context import ConText


def status(span: spacy.tokens.Span) -> str:
    """One of the project's roles."""
    marks = span._
    flags = {"hypothetical": marks.is_hypothetical, "other_person": marks.is_family, "past": marks.is_historical,
             "negated": marks.is_negated}
    return next((role for role, is_so in flags.items() if is_so), "present")


def main(task_file: str, answers_file: str) -> None:
    """Write the status of each mention; null where the mention overlaps another."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    context, answers = ConText(nlp), []
    for one in json.loads(Path(task_file).read_text()):
        doc = nlp(one["text"])
        spans = [doc.char_span(start, end, label="symptom", alignment_mode="expand") for start, end in one["mentions"]]
        doc.ents = spacy.util.filter_spans([span for span in spans if span])
        context(doc)
        found = {(span.start, span.end): status(span) for span in doc.ents}
        answers.append([found.get((span.start, span.end)) if span else None for span in spans])
    Path(answers_file).write_text(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
