"""The clinical brain: content, triage, interview and wording. Knows nothing of Rasa."""
