"""Which requests come from this machine and from nowhere else: the only ones that may be unsigned."""

import ipaddress
import re

from aiohttp import web

from bot.channels.teams.cloud import is_loopback_host

_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?")
_OF_PROXIES = ("Forwarded", "Via", "X-Real-IP")
_OF_PROXIES_BEGIN = "x-forwarded-"


def is_from_here(request: web.Request) -> bool:
    """Whether a request was sent by a program on this machine, to a name that only this machine has.

    The name keeps out pages in a browser here whose own name was made to lead here; what a proxy or a tunnel hands on
    is refused, since whoever sent it may be anywhere.
    """
    hosts = request.headers.getall("Host", [])
    named = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if named is None or not is_loopback_host(named[1]) or not _is_loopback_peer(request):
        return False
    if "Origin" in request.headers or any(name in request.headers for name in _OF_PROXIES):
        return False
    return not any(name.lower().startswith(_OF_PROXIES_BEGIN) for name in request.headers)


def peer_of(request: web.Request) -> object:
    """Who is at the other end of the connection, as the system tells it."""
    return request.transport.get_extra_info("peername") if request.transport else None


def _is_loopback_peer(request: web.Request) -> bool:
    peer = peer_of(request)
    if not isinstance(peer, tuple) or not peer:
        return False
    try:
        address = ipaddress.ip_address(peer[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
