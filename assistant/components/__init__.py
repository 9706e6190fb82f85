"""NLU components: they call knowledge.language."""
