"""What secrets look like, as their issuers and the formats that carry them publish it.

Each row: the kind, a literal that every match contains (it spares the search in nearly every text), and the shape. If
a shape has a group, the group is the secret, and what stands around it stays.
"""

from __future__ import annotations

import re

from ..core.pattern import pattern

__all__ = ["EMAIL", "SHAPES"]

# A word begins here; also right after an escaped line end, as in the repr of a text.
_START = r"(?:(?<![A-Za-z0-9_])|(?<=\\[ntr]))"
_ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "private key",
        "PRIVATE KEY",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?"
        r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
        r"|(?:[A-Za-z0-9+/=]{20,}\s+)+-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    ),
    ("private key", "Private-Lines:", r"Private-Lines: \d+\s+((?:[A-Za-z0-9+/=]{16,}\s+)+)"),
    ("API key", "sk-", r"\bsk-(?:proj-|ant-|or-v1-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}"),
    ("API key", "k_", r"\b(?:[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|sk_[0-9a-f]{40,}\b)"),
    ("webhook secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{16,}"),
    ("AWS key", "A", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    ("GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    ("GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
    ("GitLab token", "gl", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_-]{18,}"),
    ("Slack token", "x", r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}"),
    ("webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{16,}"),
    ("webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
    ("webhook", "webhook.office.com", r"[\w-]*\.?webhook\.office\.com/webhookb2/[\w@/-]{20,}"),
    ("bot token", ".", r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"),
    ("bot token", ":AA", r"\b\d{8,10}:AA[A-Za-z0-9_-]{32,}"),
    ("Google key", "AIza", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("Google token", "ya29.", r"\bya29\.[A-Za-z0-9_-]{20,}"),
    ("Google token", "1//0", r"\b1//0[A-Za-z0-9_-]{30,}"),
    ("client secret", "GOCSPX-", r"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
    ("client secret", "Q~", r"(?<![\w~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,}"),
    ("Twilio key", "S", r"\bSK[0-9a-f]{32}\b"),
    ("SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    ("Mailgun key", "key-", r"\bkey-[0-9a-f]{32}\b"),
    ("Mailchimp key", "-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    ("JWT", "eyJ", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    ("Mapbox token", "k.eyJ", r"\b[spt]k\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{10,}"),
    ("account key", "Key=", r"(?<=AccountKey=)[A-Za-z0-9+/=]{20,}|(?<=AccessKey=)[A-Za-z0-9+/=]{20,}"),
    ("signature", "sig", r"(?<=[?&]sig=)[A-Za-z0-9%+/=]{20,}|(?<=Signature=)[A-Za-z0-9%+/=_-]{20,}"),
    ("Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
    ("Vault token", "hv", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
    ("Dropbox token", "sl.", r"\bsl\.(?:u\.)?[A-Za-z0-9_-]{60,}"),
    ("Doppler token", "dp.", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{30,}"),
    ("Terraform token", ".atlasv1.", r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{50,}"),
    ("Airtable token", "pat", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    ("access token", "access_token$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{12,}\$[0-9a-f]{20,}"),
    (
        "API key",
        "_",
        # A run without a break tells a token from a name of many words.
        r"\b(?:npm|hf|api_org|gsk|r8|fw|tvly|lsv2_pt|lsv2_sk|nvapi|phc|phx|wandb_v1|dckr_[op]at|lin_api|ntn|glsa|glc|sntry[su]"
        r"|do[opr]_v1|shp(?:at|ca|pa|ss)|figd|nfp|pscale_(?:tkn|pw|oauth)|sbp|rubygems|pcsk)_"
        r"(?=[\w+/=-]*[A-Za-z0-9]{12})[A-Za-z0-9+/=_-]{24,}|\bsecret_[A-Za-z0-9]{40,}",
    ),
    (
        "API key",
        "-",
        r"\b(?:xai|pplx|nvapi|tvly|HRKU|PMAK|NRAK|NRII|sq0atp|sq0csp|EAAA|pul|pypi|hcaik|pat-[a-z]{2}\d)-[A-Za-z0-9_-]{20,}",
    ),
    ("API key", "EAA", r"\bEAA[A-Za-z0-9_-]{50,}"),
    ("age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    ("password hash", "$", r"\$(?:2[abxy]?|5|6|y|argon2(?:id?|d)|scrypt)\$[^\s'\",]{20,}"),
    (
        "authorization",
        "uthorization",
        r"(?i)(?<=authorization)[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token|digest|ssws|apikey)\s+([^\s\"',}]{8,})",
    ),
    ("bearer token", "earer ", r"(?i)\bbearer\s+([A-Za-z0-9._~+/-]{20,}=*)"),
    ("cookie", "ookie:", r"(?i)\b(?:set-)?cookie:\s*([^\n\"']{8,})"),
    ("one-time password", "otpauth://", r"(?i)otpauth://[^\s\"']*?[?&]secret=([A-Z2-7]{10,})"),
    # In URLs: a password after the user's name, a key in the user's place.
    ("password", "://", r"(?<=://)[^\s/:@'\"<>]*:([^\s/@'\"<>]{1,200})(?=@[\w.\[-])"),
    ("password", "jdbc:", r"jdbc:[a-z:]+:[^\s/@'\"]+/([^\s@'\"]{3,})(?=@)"),
    ("key", "://", r"(?<=://)([A-Za-z0-9_-]{20,})(?=(?::[A-Za-z0-9_-]*)?@[\w.-])"),
    # On command lines and in the files of their tools.
    ("password", " -u", r"(?<=\s-u)\s?[\"']?[^\s:\"']+:([^\s\"']{3,})"),
    ("password", "sshpass", r"\bsshpass\s+-p\s*[\"']?([^\s\"']{3,})"),
    ("password", " -p", r"\bmysql(?:dump|admin)?\b[^\n|;]{0,120}?\s-p[\"']?([^\s\"']{4,})"),
    (
        "password",
        " -p",
        r"\b(?:docker|podman|helm|twine|az|oc)\b[^\n|;]{0,120}?\blog[io]n?\b[^\n|;]{0,120}?\s-p\s+[\"']?([^\s\"']{4,})",
    ),
    ("password", "login ", r"\blogin\s+\S+\s+password\s+([^\s\"']{3,})"),
    ("password", ":", r"(?m)^[\w.*-]+:(?:\d{4,5}|\*):[A-Za-z_*][\w*-]*:[A-Za-z_*][\w*-]*:([^\s:]{4,})$"),
    # Calls that take a name and a password, or a key alone. What follows tells whether it is one: see `redact`.
    (
        "password",
        "(",
        r"(?i)(?:\bauth\s*=\s*\(|\b\w*Auth\(|\b(?:sign_?in|log_?in|authenticate|set_credentials)\()\s*[\"'][^\"'\n]{1,80}[\"']\s*,\s*[rb]?[\"']([^\"'\n]{4,200})[\"']",
    ),
)
SHAPES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, hint, pattern(re.sub(r"^\\b", lambda _: _START, shape))) for kind, hint, shape in _ROWS
)
# What follows `@` in a product of matrices is an attribute, not the end of an address.
EMAIL = pattern(
    r"(?<![\w.+/@-])(?!git@)[\w.+-]{1,64}(?:@|%40)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+"
    r"(?!(?:png|jpe?g|gif|svg|webp|py|T|values|shape|dot|mean|sum|std|numpy|real|imag|data|loc|iloc|size|array|inv|conj|reshape)\b)"
    r"[^\W\d_]{2,24}\b(?![(\[])"
)
