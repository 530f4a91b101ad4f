"""A gateway for tests: a real HTTP server on this machine that says what you tell it to.

    with Gateway(reply("Hello"), status(429), reply("Again")) as gateway:
        ...  # COMETAPI_BASE_URL = gateway.base_url, COMETAPI_KEY = anything
        gateway.requests[0].body["model"]

It speaks both endpoints, streams as the service does, and can fail in every way that a network can.
"""

from __future__ import annotations

from .caching import PrefixCache
from .gateway import Gateway
from .received import Received
from .replies import Reply, Response, closed, estimated_usage, page, replay, reply, status
from .streams import Speech, stream

__all__ = [
    "Gateway",
    "PrefixCache",
    "Received",
    "Reply",
    "Response",
    "Speech",
    "closed",
    "estimated_usage",
    "page",
    "replay",
    "reply",
    "status",
    "stream",
]
