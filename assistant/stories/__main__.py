"""`make stories`: plays the stories and says which did not come as expected. `python -m assistant.stories --help` lists the options."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

import click
from tqdm import tqdm

from assistant.stories import compare, play, report, schema
from assistant.stories import rasa_format as rasa
from knowledge import schema as content
from knowledge.release import Knowledge
from knowledge.yaml_files import ContentError

REPORT = Path("var/stories.html")


@click.command()
@click.option("--only", default="", help="Only stories whose path or text has this word.")
@click.option("--base", help="A git ref: also tell what changes in the advice from there to the present files.")
@click.option("--rasa-format", is_flag=True, help="Also write tests/test_stories.yml, the stories in Rasa's own format.")
@click.option("--jobs", type=int, help="Processes; as many as cores unless said.")
def main(only: str, base: str | None, rasa_format: bool, jobs: int | None) -> None:
    """Play the stories through the trained model. Exit code 1: a story went otherwise than expected, or an urgency fell."""
    knowledge = Knowledge(content.load())
    try:
        stories = [story for story in schema.load(knowledge=knowledge) if story.mentions(only)]
        known = schema.known_failures()
    except ContentError as error:
        sys.exit("\n".join(map(str, error.mistakes)))
    if not stories:
        sys.exit(f"No story mentions '{only}'.")
    began = time.perf_counter()
    with tqdm(total=len(stories), unit=" stories", disable=None) as bar:
        results = play.run(stories, jobs, lambda _: bar.update())
    seconds = time.perf_counter() - began
    try:
        changes = compare.against(base, results) if base else None
    except compare.NoSuchVersion as error:
        sys.exit(str(error))
    for line in report.table(results, known):
        click.echo(line)
    failed = [result for result in results if not result.passed and result.story.path not in known]
    click.echo(f"\n{len(results)} stories in {seconds:.0f} s, {len(failed)} not as expected.")
    counts = [result.questions_before_answer for result in results if result.questions_before_answer is not None]
    if counts:
        many = sum(count > 3 for count in counts)
        click.echo(f"Questions before an answer: median {median(counts):g}, at most {max(counts)}, more than 3 in {many} stories.")
    for result in results:
        if result.passed and result.story.path in known:
            click.echo(f"Passes now, take it off stories/known_failures.yml: {result.story.path}")
    for item in report.coverage(results, knowledge) if not only else []:
        click.echo(f"No story touches {len(item.untouched)} of {item.total} {item.kind}.")
    if rasa_format:
        rasa.FILE.write_text(rasa.in_rasa_format(results), encoding="utf-8")
    fallen = _tell(changes, base) if changes is not None else False
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report.page(results, knowledge, known, changes, base), encoding="utf-8")
    click.echo(f"All of it to read or print: {REPORT}")
    sys.exit(bool(failed or fallen))


def _tell(changes: list[compare.Change], base: str | None) -> bool:
    fallen = [change for change in changes if change.falls]
    click.echo(f"\nCompared with {base}: {len(changes)} stories change, {len(fallen)} of them to less urgent.")
    for change in changes:
        click.echo(f"  {'LESS URGENT ' if change.falls else ''}{change}")
    return bool(fallen)


if __name__ == "__main__":
    main()
