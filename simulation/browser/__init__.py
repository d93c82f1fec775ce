"""What the pages of a world show. Rows come from its snapshot in memory, never by queries."""
