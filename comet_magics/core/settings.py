"""What can be chosen for a call, once chosen: frozen, so that a call does not change under way.

The words are the API's own (`reasoning.effort`, `text.verbosity`, `reasoning.summary`).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .record import record

__all__ = [
    "APIS",
    "DEFAULT_BASE_URL",
    "EFFORTS",
    "INSERTS",
    "SUMMARIES",
    "VERBOSITIES",
    "Api",
    "Insert",
    "Settings",
]

Api: TypeAlias = Literal["auto", "responses", "chat"]
Insert: TypeAlias = Literal["ask", "below", "none"]

DEFAULT_BASE_URL = "https://api.cometapi.com/v1"
APIS = ("auto", "responses", "chat")
# none to high are gpt-5.1's; the other two are known to its siblings, and the server has the last word.
EFFORTS = ("none", "low", "medium", "high", "minimal", "xhigh")
VERBOSITIES = ("low", "medium", "high")
INSERTS = ("ask", "below", "none")
SUMMARIES = ("auto", "concise", "detailed", "none")


@record
class Settings:
    """The choices for one call.

    `effort` is None where the user said nothing and the model is not known to take `none`. `idle_timeout` is how many
    seconds a stream may be silent before it counts as broken; the answer as a whole may take any time. `insert` says
    what becomes of an answer's code: offered by buttons, inserted below at once, or only shown. `check` and
    `rehearse` say what is done with the code of an answer, `repairs` how often the model may correct what fails.
    `budget` is how many dollars the session may spend; 0 is no limit.
    """

    model: str = "gpt-5.1"
    effort: str | None = "none"
    api: Api = "auto"
    verbosity: str | None = None
    summary: str | None = None
    instructions: str = ""
    cache_retention: str | None = "24h"
    insert: Insert = "ask"
    stats: bool = True
    idle_timeout: float = 300.0
    check: bool = True
    rehearse: bool = True
    repairs: int = 1
    budget: float = 0.0
