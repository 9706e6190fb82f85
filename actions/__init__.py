"""Custom actions: thin, one per file. They read the slots, let `knowledge.dialogue` take the turn, and speak."""
