"""Cases: calls of tools as lines of JSON, each on a fresh clone of a world, without a database.

    {"case": "sell-two", "setup": […], "calls": [{"tool": "sell", "arguments": {…}}]}

An argument may be taken from an earlier result: {"$ref": "1.0.id"}, see simulation.refs.

reading: a line becomes a case, or is refused. running: a case becomes a line of results.
"""
