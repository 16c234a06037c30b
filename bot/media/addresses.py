"""
Which IP addresses belong to the public internet.

The ranges are those of IANA's registries of special-purpose addresses (iana.org/assignments/iana-ipv4-special-registry
and iana-ipv6-special-registry, as of 2025) that are not globally reachable, and some more that nobody's video lies at.
Listed here and not asked of ``ipaddress``, whose answers differ from one Python to the next.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # shared among the customers of a provider
            "127.0.0.0/8",  # this machine
            "168.63.129.16/32",  # no registry's: Azure's own services, in each of its networks
            "169.254.0.0/16",  # link-local; clouds tell their secrets there
            "172.16.0.0/12",  # private use
            # Protocol assignments. Anycast of PCP and TURN, 192.0.0.9 and .10, is reachable, yet serves no videos.
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112: name servers
            "192.52.193.0/24",  # AMT relays
            "192.88.99.0/24",  # 6to4 relays, given up
            "192.168.0.0/16",  # private use
            "192.175.48.0/24",  # AS112: name servers
            "198.18.0.0/15",  # measurements
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out as public IPv6 addresses
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks, AMT, anycast of PCP and TURN, drone ids
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, given up: an IPv4 address is in it
            "2620:4f:8000::/48",  # AS112: name servers
            "3fff::/20",  # documentation
        ),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. Raises ValueError if it is none."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return _is_public_4(ip)
    if ip in _MAPPED or ip in _NAT64:  # the way to an IPv4 address, which is the last 32 bits
        return _is_public_4(IPv4Address(int(ip) & 0xFFFFFFFF))
    return _is_public_6(ip)


def _is_public_4(ip: IPv4Address) -> bool:
    return not any(ip in network for network in _NOT_PUBLIC_4)


def _is_public_6(ip: IPv6Address) -> bool:
    return ip in _GLOBAL_UNICAST and not any(ip in network for network in _NOT_PUBLIC_6)
