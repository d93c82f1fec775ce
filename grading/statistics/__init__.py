"""Numbers in, numbers out: what a run and its graders are summed up by.

What each number means and which interval is shown when: docs/statistics.md.
"""
