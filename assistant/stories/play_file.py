"""Plays the stories of one JSON file and writes how they went into another: how an older version of the assistant is tried."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import TypeAdapter

from assistant.stories import play
from assistant.stories.result import Result
from assistant.stories.story import Story

STORIES = TypeAdapter(list[Story])
RESULTS = TypeAdapter(list[Result])


def main(stories: str, results: str) -> None:
    """Read, play, write."""
    Path(results).write_bytes(RESULTS.dump_json(play.run(STORIES.validate_json(Path(stories).read_bytes()))))


if __name__ == "__main__":
    main(*sys.argv[1:])
