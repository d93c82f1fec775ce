"""The tool playground: people call tools by forms, in a scratch clone that is theirs alone."""
