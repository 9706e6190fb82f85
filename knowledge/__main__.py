"""`python -m knowledge`: check, build and look into the clinical content, and assess a message without Rasa."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from knowledge import coverage as coverage_report
from knowledge import difference, schema
from knowledge.case import Case
from knowledge.check import warnings_of
from knowledge.database import DEFAULT_URL, NoRelease, Store
from knowledge.release import Knowledge
from knowledge.triage import assess as assess_case


def _store() -> Store:
    return Store(os.environ.get("KNOWLEDGE_DATABASE_URL", DEFAULT_URL))


def _load(folder: str) -> dict:
    try:
        return schema.load(folder)
    except schema.ContentError as error:
        for mistake in error.mistakes:
            click.echo(str(mistake), err=True)
        count = len(error.mistakes)
        raise SystemExit(f"{count} mistake{'' if count == 1 else 's'} found. The content was not taken up.") from None


class _Commands(click.Group):
    """Commands that say in one sentence when the database cannot be reached."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OperationalError as error:
            raise SystemExit(f"The database cannot be reached, nothing was changed: {str(error.orig).strip()}") from None


@click.group(cls=_Commands)
def main() -> None:
    """The clinical brain of the MS medicine safety assistant."""


@main.command()
@click.option("--content", default=str(schema.CONTENT), show_default=False, help="The content folder.")
def check(content: str) -> None:
    """Check the content: every mistake with file and line."""
    knowledge = Knowledge(_load(content))
    problems = list(warnings_of(knowledge, content))
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(f"{len(problems)} problems found.")
    data, rules = knowledge.data, sum(1 for _ in knowledge.all_rules())
    click.echo(f"All good: {len(data['medicines'])} medicines, {rules} rules, {len(data['symptoms'])} symptoms.")


@main.command()
@click.option("--content", default=str(schema.CONTENT), show_default=False, help="The content folder.")
@click.option("--note", default="", help="What this release changes.")
def build(content: str, note: str) -> None:
    """Load the content as a release and make it active. Does nothing when it is active already."""
    store = _store()
    store.migrate()
    data = _load(content)
    release = store.add(data, note, getpass.getuser())
    if store.active_id() == release.id:
        click.echo(f"Release {release.name} is active already.")
        return
    store.activate(release.id, getpass.getuser(), note)
    click.echo(f"Release {release.name} is active.")


@main.command()
def releases() -> None:
    """List all releases, newest first."""
    store = _store()
    active = store.active_id()
    for release in store.releases():
        mark = "*" if release.id == active else " "
        click.echo(f"{mark} {release.name}  {release.loaded_at:%Y-%m-%d %H:%M}  {release.loaded_by}  {release.note}")


@main.command()
@click.argument("number", type=int)
@click.option("--note", default="")
def activate(number: int, note: str) -> None:
    """Make release NUMBER active."""
    try:
        _store().activate(number, getpass.getuser(), note)
    except KeyError as error:
        raise SystemExit(str(error.args[0])) from None
    click.echo(f"Release {number} is active.")


@main.command("rollback")
def roll_back() -> None:
    """Go back to the release that was active before."""
    try:
        click.echo(f"Release {_store().roll_back(getpass.getuser())} is active.")
    except NoRelease as error:
        raise SystemExit(str(error)) from None


@main.command()
@click.argument("old", type=int)
@click.argument("new", type=int, required=False)
def diff(old: int, new: int | None) -> None:
    """What changed between two releases, in words a clinician reads. Without NEW: against the content folder."""
    store = _store()
    after = store.content(new) if new is not None else _load(str(schema.CONTENT))
    lines = list(difference.in_words(store.content(old), after))
    click.echo("\n".join(lines) if lines else "Nothing changed.")


@main.command()
@click.argument("number", type=int)
def replay(number: int) -> None:
    """Assess stored case NUMBER again with its own release and compare."""
    store = _store()
    row = store.assessment(number)
    result = assess_case(Case.from_dict(row.case), store.compiled(row.release_id))
    rules = [match.id for match in result.matches]
    same = result.urgency == row.urgency and rules == row.result["rules"]
    click.echo(f"Assessment {number}: {row.urgency}, release {row.result['knowledge_release']}. Replayed: {result.urgency}.")
    click.echo("The answer is the same." if same else f"The answer differs. Stored: {row.result['rules']}; now: {rules}")
    if not same:
        raise SystemExit(1)


@main.command()
@click.option("--clauses", is_flag=True, help="Print every free-text condition beside its machine condition.")
@click.argument("medicine", required=False)
def coverage(clauses: bool, medicine: str | None) -> None:
    """What is encoded for each therapy, and how many rules are proposals only."""
    for line in coverage_report.lines(Knowledge(_load(str(schema.CONTENT))), medicine, clauses):
        click.echo(line)


@main.command()
@click.argument("message")
@click.option("--content", default=str(schema.CONTENT), show_default=False, help="The content folder.")
def assess(message: str, content: str) -> None:
    """Assess one MESSAGE, with reasons and sources."""
    from knowledge import wording  # what reads language takes seconds to import, and only this command needs it
    from knowledge.clinic import load_clinic
    from knowledge.intake import take_in
    from knowledge.reading import Reader, vocabulary_of

    knowledge, today, case = Knowledge(_load(content)), date.today(), Case()
    words = wording.Words(knowledge.data["wording"]["en"], load_clinic(), datetime.now().astimezone())
    take_in(case, Reader(vocabulary_of(knowledge.data)).read(message, today), message, None, knowledge, today)
    result = assess_case(case, knowledge)
    data = wording.card(result, case, knowledge, words)
    click.echo(wording.answer_text(data, case, knowledge, words))
    click.echo("\nReasons")
    for match in result.matches:
        text = match.rule.text if match.rule else "own level"
        click.echo(f"  {match.urgency:<10} {match.id}: {text}")
    click.echo("\nSources")
    for source in data["sources"]:
        click.echo(f"  {source['title']}{', ' + str(source['section']) if source.get('section') else ''} {source['url'] or ''}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main()
