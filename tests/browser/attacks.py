"""Strings that would run a script, load a picture or pose as a button, if anything took them for more than text."""

from __future__ import annotations

__all__ = ["ATTACKS"]

_FAR = "http://far.invalid/x"
_PIECES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    f'<iframe src="{_FAR}"></iframe>',
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    f"![x]({_FAR})",
    f'<link rel=stylesheet href="{_FAR}">',
    f"<style>@import url({_FAR});</style>",
    f'<div style="background:url({_FAR})">x</div>',
    f'<form action="{_FAR}"><button>Insert below</button></form>',
    '<button class="comet-button" onclick="alert(1)">Copy</button>',
    f'<object data="{_FAR}"></object>',
    f'<video src="{_FAR}" autoplay onerror=alert(1)></video>',
    f"<math><mtext><img src={_FAR} onerror=alert(1)>",
    "$\\href{javascript:alert(1)}{x}$",
    f"$\\includegraphics{{{_FAR}}}$",
)
_AROUND = ("{}", '"><x>{}', "</code></pre>{}", "<!-- -->{}<!--", "| a |\n|---|\n| {} |")

ATTACKS = [frame.format(piece) for frame in _AROUND for piece in _PIECES]
assert len(ATTACKS) == 100
