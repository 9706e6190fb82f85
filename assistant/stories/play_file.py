"""Plays the stories of one JSON file and writes how they went into another, with a line of output for each that has ended.

How an older version of the assistant is tried, and how a running server plays stories beside its patients, to whom it gives way.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import orjson
from pydantic import TypeAdapter

from assistant.stories import play
from assistant.stories.result import Result
from assistant.stories.story import Story

STORIES = TypeAdapter(list[Story])
RESULTS = TypeAdapter(list[Result])


def main(stories: str, results: str, content: str = "") -> None:
    """Read, play, write. `content` is a file with the data of a release; without it the content folder is used."""
    os.nice(5)
    data = orjson.loads(Path(content).read_bytes()) if content else None
    went = play.run(STORIES.validate_json(Path(stories).read_bytes()), None, lambda result: print(result.story.path, flush=True), data)
    Path(results).write_bytes(RESULTS.dump_json(went))


if __name__ == "__main__":
    main(*sys.argv[1:])
