"""Who may see what: a row for each address, a column for each person, the answer written down."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from authoring.tokens import make_token
        "simulation:query": world_args,
        "simulation:query_rows": world_args,
        "simulation:tools": world_args,
        "simulation:tool": [*world_args, "sell"],
