"""Which addresses a model may have.

The local machine and its networks are allowed, models run there; what a cloud tells its machines
about themselves, keys among it, is not.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from simulation.errors import InvalidArgument

MAX_ADDRESS = 500
EXAMPLE = "https://api.example.com/v1 or http://127.0.0.1:8000/v1"
_PLAIN = re.compile(r"[!-~]+")
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "169.254.0.0/16",  # link local: the metadata of most clouds
        "fe80::/10",
        "fd00:ec2::/32",  # metadata over IPv6
        "100.100.100.200/32",
        "192.0.0.192/32",
        "168.63.129.16/32",
        "224.0.0.0/4",
        "ff00::/8",
        "255.255.255.255/32",
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_METADATA = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})


def check_address(address: str) -> str:
    """Give the address of a model's API without a slash at its end. Raises InvalidArgument."""
    parts = _split(address)
    if parts.username is not None or parts.password is not None:
        raise _refusal("holds a user or a password; a key belongs into an environment variable")
    if parts.query or parts.fragment or address.endswith(("?", "#")):
        raise _refusal("ends with a query or a fragment; write the address alone")
    host = (parts.hostname or "").rstrip(".")
    if host in _METADATA or is_refused(host):
        raise _refusal(f"names {host}, where clouds keep their metadata, or nobody at all")
    return address.rstrip("/")


def is_refused(host: str) -> bool:
    """Tell whether an IP address is one that is never spoken to; names are not looked up."""
    try:
        found = _meant(ip_address(host.partition("%")[0]))
    except ValueError:
        return False
    return any(found.version == net.version and found in net for net in _REFUSED)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the IPv4 address that is written as an IPv6 one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _split(address: str) -> SplitResult:
    if len(address) > MAX_ADDRESS or not _PLAIN.fullmatch(address) or "\\" in address:
        raise _refusal(f"holds spaces or odd characters, or more than {MAX_ADDRESS} of them")
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise _refusal("cannot be read") from None
    if parts.scheme not in ("http", "https"):
        raise _refusal("begins with neither http:// nor https://")
    if not has_host:
        raise _refusal("names no host")
    return parts


def _refusal(what: str) -> InvalidArgument:
    return InvalidArgument(f"the address {what}; write one like {EXAMPLE}", field="base_url")
