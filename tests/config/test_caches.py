"""Where the cache is, from where the queue is."""

import pytest

from config.caches import cache_settings


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://cache:6379/0", "redis://cache:6379?db=15"),
        ("rediss://me:secret@cache:6380/3?ssl_cert_reqs=none",
         "rediss://me:secret@cache:6380?ssl_cert_reqs=none&db=15"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock?db=15"),
        ("redis+socket:///run/valkey.sock?virtual_host=2", "unix:///run/valkey.sock?db=15"),
    ],
)  # fmt: skip
def test_the_cache_is_beside_the_queue_in_a_database_of_its_own(url, location):
    assert cache_settings(url)["LOCATION"] == location
