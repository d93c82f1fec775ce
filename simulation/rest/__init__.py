"""What all of the REST API has in common: scopes, questions of addresses, pages, answers."""
