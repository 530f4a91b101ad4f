# ruff: noqa: E501 - tables and samples read best on one line
"""150 planted secrets of 30 kinds, made from a seed, so that no line of this repository holds anything that looks like a
key.
"""

from __future__ import annotations

import base64
import json
import random
import string

LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"
URLSAFE = MIXED + "_-"


def planted(seed=7, each=5):
    """(kind, a text as it stands in a notebook, the secret in it), `each` of every kind."""
    rng = random.Random(seed)

    def some(alphabet, length):
        return "".join(rng.choices(alphabet, k=length))

    def word():
        return rng.choice(["violet", "harbor", "tundra", "marble", "saffron"]) + some(LOWER, 6)

    def segment(data):
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    kinds = {
        "openai": lambda: ("client = OpenAI({!r})", "sk" + "-" + some(MIXED, 32)),
        "openai project": lambda: ("OPENAI_API_KEY={}", "sk" + "-proj-" + some(URLSAFE, 40)),
        "anthropic": lambda: ("key: {}", "sk" + "-ant-" + some(URLSAFE, 40)),
        "aws id": lambda: ("boto3 uses {} here", "AKIA" + some(BASE32, 16)),
        "aws secret": lambda: ("aws_secret_access_key = {}", some(MIXED + "/+", 40)),
        "github": lambda: ("git clone with {}", rng.choice(["ghp_", "gho_", "ghs_"]) + some(MIXED, 36)),
        "github fine-grained": lambda: ("token {}", "github_pat_" + some(MIXED + "_", 60)),
        "gitlab": lambda: ("CI: {}", "glpat-" + some(URLSAFE, 20)),
        "slack": lambda: ("slack({!r})", "xoxb-" + some(string.digits, 11) + "-" + some(MIXED, 24)),
        "slack hook": lambda: (
            "https://{}",
            "hooks.slack.com/services/T" + some(BASE32, 8) + "/B" + some(BASE32, 8) + "/" + some(MIXED, 24),
        ),
        "google": lambda: ("maps?key={}", "AIza" + some(URLSAFE, 35)),
        "google oauth": lambda: ("auth {}", "ya29." + some(URLSAFE, 60)),
        "google secret": lambda: ("x={}", "GOCSPX-" + some(URLSAFE, 28)),
        "stripe": lambda: ("stripe.api({!r})", "sk_" + "live_" + some(MIXED, 24)),
        "sendgrid": lambda: ("sg {}", "SG." + some(URLSAFE, 22) + "." + some(URLSAFE, 43)),
        "twilio": lambda: ("twilio {}", "SK" + some(HEX, 32)),
        "npm": lambda: ("//registry {}", "npm_" + some(MIXED, 36)),
        "pypi": lambda: ("twine -p {}", "pypi-AgE" + some(URLSAFE, 60)),
        "hugging face": lambda: ("login({!r})", "hf_" + some(string.ascii_letters, 34)),
        "jwt": lambda: (
            "cookie {}",
            f"{segment({'alg': 'HS256', 'typ': 'JWT'})}.{segment({'sub': some(LOWER, 12)})}.{some(URLSAFE, 43)}",
        ),
        "private key": lambda: (
            "{}",
            "-----BEGIN RSA PRIVATE "
            + "KEY-----\n"
            + "\n".join(some(MIXED + "+/", 64) for _ in range(6))
            + "\n-----END RSA PRIVATE "
            + "KEY-----",
        ),
        "connection string": lambda: ("create_engine('postgresql://bob:{}@db.internal:5432/x')", word()),
        "mongo": lambda: ("mongodb+srv://admin:{}@cluster0.mongodb.net/test", word()),
        "azure": lambda: (
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};EndpointSuffix=core",
            some(MIXED + "/+", 86) + "==",
        ),
        "bearer": lambda: ("headers = {{'Authorization': 'Bearer {}'}}", some(URLSAFE, 32)),
        "password": lambda: (
            rng.choice(
                [
                    "password = {!r}",
                    "login(user='bob', password={!r})",
                    "DB_PASSWORD={}",
                    '{{"passwd": "{}"}}',
                    "pwd: {}",
                ]
            ),
            word(),
        ),
        "token by name": lambda: (
            rng.choice(["access_token = {!r}", "'client_secret': '{}'", "REFRESH_TOKEN={}", "my_token: str = {!r}"]),
            some(MIXED, 24),
        ),
        "api key by name": lambda: (
            rng.choice(["api_key={!r}", "WEATHER_API_KEY={}", "cfg['apikey'] = {!r}", "x-api-key: {}"]),
            some(HEX, 32),
        ),
        "databricks": lambda: ("DATABRICKS {}", "dapi" + some(HEX, 32)),
        "telegram": lambda: ("bot {}", some(string.digits[1:], 9) + ":AA" + some(URLSAFE, 33)),
        "e-mail": lambda: ("ask {} about it", word() + "@" + rng.choice(["gmail", "clinic", "acme"]) + ".example.org"),
    }
    for kind, make in kinds.items():
        for _ in range(each):
            template, secret = make()
            yield kind, template.format(secret), secret
