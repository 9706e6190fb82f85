"""Conversation stories: what clinic staff expect of the assistant, played through the trained model.

A story is one YAML file under `stories/` (docs/staff.md shows how to write one). What this package offers:

    story.Story, story.Step            what a story is made of
    schema.load(knowledge=None)        -> list[Story], or ContentError with every mistake (file, line, plain words)
    schema.read(text, path)            -> Story, the same for the text of one story
    schema.as_yaml(story)              -> the text of a story file
    schema.write(story)                -> saves it as `stories/<story.path>.yml`; never overwrites
    schema.path_of(folder, title)      -> "corrections/user_changes_the_medicine"
    schema.known_failures()            -> {path: reason}
    play.run(stories, jobs, progress)  -> list[Result], in the order of `stories`, in processes and with a database of their own;
                                          `progress(result)` is called as each one ends
    play.Player(agent)                 -> one loaded Rasa agent: `await player.say(sender, text) -> Turn`, `await player.play(story)`;
                                          `play.Player.of(model_file)` loads one
    play.turn_of(tracker, messages, 0) -> Turn: the newest turn of any Rasa tracker
    play.draft(turns, path, who)       -> Story whose expectations are what was got: to be edited, then written
    result.Result                      a story as it went: its turns (said, understood, asked, answered), its differences
                                          (expected and got, by turn), passed, seconds
    report.page(results, knowledge)    -> one HTML page;  report.table(results, known) -> lines for the terminal
    report.coverage(results, knowledge)-> rules, symptoms and tests that no story touches
    compare.against(ref, results)      -> list[Change]: what changes in the advice from a git ref to the present files
    play_file.RESULTS, .STORIES        pydantic adapters: results and stories to JSON and back
"""
