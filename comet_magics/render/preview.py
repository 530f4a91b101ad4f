"""What would be sent, for a person to read."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from ..core.messages import UserMessage
from ..core.request import WireRequest

__all__ = ["message_html", "request_html", "request_markdown"]

_DATA_URL = re.compile(r"^(data:image/\w+;base64,).{64,}$", re.DOTALL)


def request_html(request: WireRequest) -> str:
    """The request, folded, for below a table of what goes along; only pictures are shortened."""
    body = json.dumps(_readable(request.body), ensure_ascii=False, indent=2)
    return f"<p><b>Nothing was sent.</b></p>{_folded(f'The request itself, POST {request.path}', body)}"


def message_html(message: UserMessage) -> str:
    """The question's message as it would be sent, folded."""
    return f"<p><b>Nothing was sent.</b></p>{_folded('The whole message, to the letter', message.text)}"


def _folded(title: str, text: str) -> str:
    return (
        f"<details><summary>{escape(title)}</summary>"
        f'<pre tabindex="0" style="white-space:pre-wrap">{escape(text)}</pre></details>'
    )


def request_markdown(request: WireRequest) -> str:
    """The request's body as a block of JSON; only pictures are shortened."""
    body = json.dumps(_readable(request.body), ensure_ascii=False, indent=2)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", body))) if "`" in body else "```"
    return f"**Nothing was sent.** This would be the request, `POST {request.path}`:\n\n{fence}json\n{body}\n{fence}"


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_readable(item) for item in value]
    if isinstance(value, str) and (match := _DATA_URL.match(value)):
        return f"{match[1]}… ({len(value):,} characters)"
    return value
