"""Conversation stories: what clinic staff expect of the assistant, played through the trained model.

A story is one YAML file under `stories/` (docs/staff.md shows how to write one). What this package offers:

    schema.load()                      -> list[Story], or ContentError with every mistake (file, line, plain words)
    schema.read(text, path)            -> Story, the same for the text of one story
    schema.as_yaml(story)              -> the text of a story file
    schema.write(story)                -> saves it as `stories/<story.path>.yml`; refuses to overwrite
    schema.path_of(folder, title)      -> "corrections/user_changes_the_medicine"
    play.run(stories, jobs, progress)  -> list[Result], in the order of `stories`, in processes and a database of their own;
                                          `progress(result)` is called as each one ends
    play.Player(model)                 -> one loaded model: `await player.say(sender, text) -> Turn`, `await player.play(story) -> Result`
    play.draft(turns, path, who)       -> Story whose expectations are what was got: to be edited, then written
    report.page(results)               -> one HTML page;  report.table(results) -> a short table for the terminal
    compare.against(ref)               -> what changes in the advice from a git ref to the present files

A `Result` has the story, its `turns` (what was said, understood, asked and answered), its `differences` (expected and got, by
turn), `passed` and `seconds`. All of it is plain data: `dataclasses.asdict` gives JSON.
"""
