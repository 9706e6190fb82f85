"""Everything that plugs into the Rasa server."""
