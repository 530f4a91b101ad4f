"""An HTTP failure as something a user can act on: what happened, what to do, whether trying again may help.

Promise: the words are ours or the server's, cleaned: no key, no web page, no control character. Nothing here raises,
whatever the status, the headers and the body are. Codes are those of OpenAI and of New-API, which CometAPI resembles.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from ..core.errors import BackendError
from ..core.request import Endpoint
from .headers import request_id_of
from .models import known_efforts
from .shapes import fault, parse
from .words import clean, is_page

__all__ = ["failure", "known_efforts", "lacks_endpoint", "rejects_reasoning", "request_id_of"]

_KEY_REMEDY = (
    "The key is looked for in what `%gpt_login` stored, then in COMETAPI_KEY. Run `%gpt_login` to set another."
)
_CREDIT_REMEDY = "Add credit to the account that the key belongs to, or use another key (`%gpt_login`)."
_MODEL_REMEDY = "`%gpt_models` lists the models that the gateway has."
_LESS_REMEDY = (
    "Ask with less: a new conversation (`-n`), smaller pictures, fewer tokens (`%config CometMagics.context_tokens`)."
)
_WAIT_REMEDY = "Run the cell again in a moment."
_QUOTA = re.compile(
    r"(?i)insufficient[_ ](?:user[_ ])?(?:quota|balance|credit|funds)|quota[_ ]not[_ ]enough|billing|arrears"
)
_NO_MODEL = re.compile(
    r"(?i)model[_ ]not[_ ]found|no such model|model\b.{0,80}\b(?:does not|doesn't) exist|unknown model"
)
_TOO_LONG = re.compile(
    r"(?i)context_length_exceeded|exceed_context_size|maximum context length"
    r"|exceeds? (?:\w+ ){0,4}context (?:window|length|size)"
)


def failure(status: int, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> BackendError:
    """The error for a response with `status`; `now` is the time in seconds since the epoch, for dates in `headers`."""
    named = {name.lower(): value for name, value in headers.items()}
    said, code = _said(body)
    quota = status == 402 or _is_quota(status, code, said)
    what, remedy = _sentence(status, code, said, quota=quota)
    if said and said.casefold() not in what.casefold():
        what = f"{what}: {said}"
    return BackendError(
        what if what.endswith((".", "…", "!", "?")) else what + ".",
        remedy=remedy,
        status=status,
        code=code,
        request_id=request_id_of(named) or _request_id_in(body),
        retry_after=_retry_after(status, named, time.time() if now is None else now),
        transient=_may_pass(status) and not quota and not _NOT_BUILT.search(f"{code} {said}"),
    )


def lacks_endpoint(error: BackendError, endpoint: Endpoint) -> bool:
    """Whether `error` suggests that the model or the gateway has no `endpoint`, so that the other one may work.

    Some gateways say so within a response of status 200: then the error has no status, and only its words count.
    """
    status = error.status or 400
    said = f"{error.code or ''} {error.what}"
    if status < 400 or status in (401, 402, 403, 408, 409, 429) or _is_quota(status, error.code, said):
        return False
    if _PARAMETER.search(said):
        return False
    if _NOT_BUILT.search(said) or _ELSEWHERE[endpoint].search(said):
        return True
    return status in (404, 405, 501) and not _NO_MODEL.search(said)


def rejects_reasoning(error: BackendError) -> bool:
    """Whether `error` says that the reasoning sent back can't be read.

    It is encrypted for one account of the provider, and a gateway with several may ask another one this time. Source:
    the code `invalid_encrypted_content`, or its sentence.
    """
    return bool(_SEALED.search(f"{error.code or ''} {error.what}"))


_SEALED = re.compile(r"(?i)encrypted[_ ]content")
_PARAMETER = re.compile(r"(?i)(?:unsupported|unknown|invalid|missing)[_ ](?:parameter|value|argument|option)")
# New-API's answer for a provider without the endpoint is a 500 with these words.
_NOT_BUILT = re.compile(
    r"(?i)\bconvert_request_failed\b|\bnot[_ ]implemented\b|\bunsupported_endpoint\b|\bendpoint_not_"
)
_NOT = (
    r"(?:not (?:\w+ ){0,2}(?:support\w*|available|exist|found|allowed)|unsupported|invalid url"
    r"|only (?:\w+ ){0,2}(?:support\w*|available))"
)
_NAMES: dict[Endpoint, str] = {
    "responses": r"(?:\bv1/responses|\bresponses? (?:api|endpoint)|\bthis endpoint|/responses\b)",
    "chat": r"(?:\bv1/chat/completions|\bchat[ _]?completions?\b|\bchat model|\bthis endpoint)",
}
_USE_OTHER: dict[Endpoint, str] = {
    "responses": r"(?:use|in|mean)\b.{0,30}chat/completions|\bmessages\W{0,3} (?:is|are|field)?.{0,10}required",
    "chat": r"(?:use|in|mean)\b.{0,30}v1/responses|\binput\W{0,3} (?:is|are|field)?.{0,10}required",
}
_ELSEWHERE: dict[Endpoint, re.Pattern[str]] = {
    name: re.compile(rf"(?is){_NOT}.{{0,120}}{words}|{words}.{{0,120}}{_NOT}|{_USE_OTHER[name]}")
    for name, words in _NAMES.items()
}


def _said(body: bytes) -> tuple[str, str | None]:
    """The server's own message and code."""
    if is_page(body):
        return "", None
    try:
        message, code = fault(parse(body))
    except ValueError:
        message, code = body[:4000].decode("utf-8", "replace"), None
        if message.lstrip()[:1] in ("{", "[", "<"):
            message = ""
    return clean(message), clean(code) if code else None


def _is_quota(status: int, code: str | None, said: str) -> bool:
    return status != 401 and bool(_QUOTA.search(code or "") or (status in (403, 429) and _QUOTA.search(said)))


def _may_pass(status: int) -> bool:
    return status in (408, 409, 425, 429) or (status >= 500 and status not in (501, 505))


def _sentence(status: int, code: str | None, said: str, *, quota: bool) -> tuple[str, str]:
    """Our words for it, and what the user can do."""
    if quota:
        return f"No credit is left for this key ({status})", _CREDIT_REMEDY
    if status == 401:
        return "The gateway did not accept the key (401)", _KEY_REMEDY
    if status == 403:
        return "The gateway does not allow this request with this key (403)", _KEY_REMEDY
    if _NO_MODEL.search(f"{code} {said}"):
        return f"The gateway has no such model ({status})", _MODEL_REMEDY
    if _TOO_LONG.search(f"{code} {said}"):
        return f"The question is too long for the model ({status})", _LESS_REMEDY
    if status in (404, 405):
        return f"The gateway has nothing at this address ({status})", "Is the base URL right? It ends in /v1 as a rule."
    if status == 413:
        return "The request is too large for the gateway (413)", _LESS_REMEDY
    if status == 429:
        return "The gateway asks to slow down (429)", _WAIT_REMEDY
    if status in (408, 504, 524):
        return f"The gateway waited too long for the model ({status})", _WAIT_REMEDY
    if status >= 500:
        return f"The gateway has a fault ({status})", _WAIT_REMEDY
    if status >= 400:
        return f"The gateway refused the request ({status})", ""
    return f"The gateway answered in a way that is not understood ({status})", "Is the base URL right?"


def _request_id_in(body: bytes) -> str | None:
    found = re.search(rb"(?i)request[ _-]?id[\"']?\s*[:=]?\s*[\"']?([A-Za-z0-9][\w-]{5,80})", body[:4000])
    return clean(found[1].decode()) if found else None


def _retry_after(status: int, named: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, from `Retry-After` and its kin, or from the limit that is used up."""
    if (milliseconds := _number(named.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    given = named.get("retry-after", "").strip()
    if given:
        seconds = _number(given)
        return seconds if seconds is not None else _until(given, now)
    if status != 429:
        return None
    waits = [
        wait
        for kind in ("requests", "tokens")
        if named.get(f"x-ratelimit-remaining-{kind}", "0").strip() == "0"
        and (wait := _duration(named.get(f"x-ratelimit-reset-{kind}", ""))) is not None
    ]
    return max(waits, default=None)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,9})?\s*", text, re.ASCII) else None


def _until(date: str, now: float) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


_UNITS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "": 1.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|us|µs|[dhms]|\Z)", re.ASCII)


def _duration(text: str) -> float | None:
    """Seconds in `1s`, `6m0s`, `120ms`, `1.5`; None where it is no duration."""
    text = text.strip()
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
