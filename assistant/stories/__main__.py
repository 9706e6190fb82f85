"""`python -m assistant.stories`: plays the stories and says which did not come as expected."""

from __future__ import annotations

import sys

import click
from tqdm import tqdm

from assistant.stories import play, schema
from knowledge.yaml_files import ContentError


@click.command()
@click.option("--only", default="", help="Only stories whose path or text has this word.")
@click.option("--jobs", type=int, help="Processes; as many as cores unless said.")
def main(only: str, jobs: int | None) -> None:
    """Play the stories through the trained model."""
    try:
        stories = [story for story in schema.load() if story.mentions(only)]
    except ContentError as error:
        sys.exit("\n".join(map(str, error.mistakes)))
    with tqdm(total=len(stories), unit="story") as bar:
        results = play.run(stories, jobs, lambda _: bar.update())
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.echo(f"{result.story.path}")
        for item in result.differences:
            click.echo(f"  line {item.line}, {item.what}: expected {item.expected}, got {item.got}")
    click.echo(f"{len(results)} stories, {len(failed)} not as expected")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
