"""The staff page at /staff/: try the assistant and see why it answers so, keep and run stories, read and review the content."""
