# ruff: noqa: E501 - tables and samples read best on one line
"""150 planted secrets of 30 kinds, and 500 harmless strings that look a little like one: made from a seed, so that no
line of this repository holds anything that looks like a key.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid

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


def harmless(seed=11, count=500):
    """Strings of notebooks that hold no secret, among them all that is often mistaken for one."""
    rng = random.Random(seed)

    def some(alphabet, length):
        return "".join(rng.choices(alphabet, k=length))

    makers = [
        lambda: f"commit {some(HEX, 40)}",
        lambda: f"{some(HEX, 7)} Fix the join of {rng.choice(['orders', 'users'])}",
        lambda: str(uuid.UUID(int=rng.getrandbits(128))),
        lambda: f"order_id = '{uuid.UUID(int=rng.getrandbits(128))}'",
        lambda: "<img src='data:image/png;base64,iVBORw0KGgo" + some(MIXED + "+/", 200) + "='>",
        lambda: f"{rng.gauss(0, 1e4):.6f} {rng.randint(0, 10**12)} {rng.random():.3e}",
        lambda: (
            f"https://example.org/{some(LOWER, 8)}/{some(LOWER, 12)}?page={rng.randint(1, 99)}&id={some(LOWER, 10)}"
        ),
        lambda: (
            f"https://github.com/{some(LOWER, 6)}/{some(LOWER, 9)}/blob/{some(HEX, 40)}/README.md#L{rng.randint(1, 500)}"
        ),
        lambda: f"sha256:{some(HEX, 64)}",
        lambda: f"md5 = '{some(HEX, 32)}'",
        lambda: f"max_tokens={rng.randint(10, 9000)}, temperature=0.{rng.randint(1, 9)}",
        lambda: f"tokens: {rng.randint(100, 99999):,} in, {rng.randint(10, 999)} out",
        lambda: f"tokenizer = AutoTokenizer.from_pretrained('{some(LOWER, 6)}-{some(LOWER, 4)}')",
        lambda: "password = os.environ['DB_PASSWORD']",
        lambda: "api_key = getpass.getpass('API key: ')",
        lambda: "client = connect(user=user, password=password, token=token)",
        lambda: f"df.groupby('key').agg(total=('{some(LOWER, 5)}', 'sum'))",
        lambda: f"for key, value in d_{some(LOWER, 3)}.items(): print(key, value)",
        lambda: f"primary_key = 'customer_{some(LOWER, 4)}'",
        lambda: f"keys: {rng.randint(1, 99)} of {rng.randint(100, 999)}",
        lambda: f"def check(token: str, password: str | None = None) -> bool: return len(token) > {rng.randint(1, 9)}",
        lambda: (
            f"{rng.randint(2000, 2030)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T12:00:{rng.randint(10, 59)}Z"
        ),
        lambda: f"sk_{some(string.ascii_lowercase, 5)} = StandardScaler().fit(X_{some(LOWER, 3)})",
        lambda: f"/home/{some(LOWER, 5)}/data/{some(LOWER, 8)}.parquet",
        lambda: f"s3://bucket-{some(LOWER, 6)}/year={rng.randint(2000, 2030)}/part-{some(HEX, 8)}.parquet",
        lambda: f"git@github.com:{some(LOWER, 6)}/{some(LOWER, 7)}.git",
        lambda: f"ACGT sequence {some('ACGT', 80)}",
        lambda: f"<Figure size {rng.randint(300, 900)}x{rng.randint(300, 900)} with {rng.randint(1, 4)} Axes>",
        lambda: f"@dataclass(frozen=True)\nclass Token_{some(LOWER, 3)}:\n    kind: str\n    text: str",
        lambda: (
            f"Requirement already satisfied: {some(LOWER, 6)}=={rng.randint(0, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"
        ),
        lambda: f"0x{some(HEX, 12)} <function at 0x{some(HEX, 12)}>",
        lambda: f"The secret of {some(LOWER, 5)} is that nobody keeps a token of it; the password policy is strict.",
        lambda: f"sklearn-{some(LOWER, 4)}-{some(LOWER, 6)}-{rng.randint(1, 99)}",
        lambda: f'token_count = {rng.randint(1, 10**6)}; secret_santa = ["{some(LOWER, 2)}"]',
        lambda: f"password_reset_url = '/reset/{some(LOWER, 4)}'",
    ]
    for index in range(count):
        yield makers[index % len(makers)]()
