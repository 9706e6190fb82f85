"""Where the staff page writes: the folder that is under version control, if the assistant runs from one. Else people download."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from assistant.stories import schema
from assistant.stories.story import Story
from knowledge import reviews
from knowledge.yaml_files import ContentError, YamlFile

CONTENT = Path("knowledge/content")


class Checkout:
    """A folder under version control. Nothing in it is ever changed but by adding a story, a review file, or lines to one."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the top of the checkout."""
        self.stories, self._content = folder / schema.STORIES, folder / CONTENT
        self._is_one = (folder / ".git").exists()

    @property
    def takes_stories(self) -> bool:
        """Whether a story can be written."""
        return self._is_one and os.access(self.stories, os.W_OK)

    def story_folders(self) -> list[str]:
        """The folders that stories lie in."""
        return sorted(path.name for path in self.stories.glob("*/")) if self.stories.exists() else []

    @property
    def takes_reviews(self) -> bool:
        """Whether a review can be written."""
        folder = self._content / reviews.FOLDER
        return self._is_one and os.access(folder if folder.exists() else self._content, os.W_OK)

    def add_story(self, story: Story) -> str:
        """Write a story; gives its path in the checkout. Raises ValueError or FileExistsError as `schema.write` does."""
        schema.write(story, self.stories)
        return f"{schema.STORIES}/{story.path}.yml"

    def add_review(self, entry: reviews.Entry) -> str:
        """Write a review, after earlier ones of the same rule; gives its path in the checkout."""
        name = reviews.file_name(entry.rule)
        target = self._content / name
        target.parent.mkdir(exist_ok=True)
        new = not target.exists()
        with target.open("a", encoding="utf-8") as file:
            file.write((reviews.HEAD if new else "") + reviews.as_yaml(entry))
        return f"{CONTENT}/{name}"

    def waiting_reviews(self) -> dict[str, reviews.Entry]:
        """Reviews in the checkout by the mark of the rule they are of; those of the active release among them."""
        found = {}
        for path in sorted((self._content / reviews.FOLDER).glob("*.yml")):
            with contextlib.suppress(ContentError):  # `python -m knowledge check` says what is wrong with it
                found |= {entry.of: entry for entry in reviews.read(YamlFile(path, self._content))[0]}
        return found
