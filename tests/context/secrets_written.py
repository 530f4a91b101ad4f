"""Secrets in the many ways in which they are written down: formats, languages, calls, tables; made from a seed."""

from __future__ import annotations

import base64
import random
import string
import uuid

from .secrets_sample import BASE32, HEX, LOWER, MIXED, URLSAFE


def written(seed=3, each=2):
    """(what is special about it, a text, the secret in it)."""
    rng = random.Random(seed)

    def some(alphabet, length):
        return "".join(rng.choices(alphabet, k=length))

    def chosen():
        return rng.choice(["Tr0ub4dor", "hunter", "S3cur3!", "Blau#", "kat2"]) + some(MIXED, 6)

    def base64_of(size):
        return base64.b64encode(rng.randbytes(size)).decode()

    ways = (
        ("openrouter", "x = '{}'", lambda: "sk" + "-or-v1-" + some(HEX, 64)),
        ("anthropic", "Anthropic(api_key='{}')", lambda: "sk" + "-ant-api03-" + some(URLSAFE, 80)),
        ("aws secret json", '{{"AccessKeyId": "ASIAX", "SecretAccessKey": "{}"}}', lambda: some(MIXED + "/+", 40)),
        ("aws session", "aws_session_token = {}", lambda: base64_of(150)),
        (
            "gcp sa",
            '{{"type": "service_account", "private_key": "{}"}}',
            lambda: (
                "-----BEGIN PRIVATE "
                + "KEY-----\\n"
                + "\\n".join(some(MIXED + "/+", 64) for _ in range(5))
                + "\\n-----END PRIVATE "
                + "KEY-----\\n"
            ),
        ),
        ("azure sql", "Server=tcp:x.database.windows.net,1433;User ID=bob;Password={};Encrypt=true", chosen),
        (
            "azure client",
            "ClientSecretCredential(tenant_id='t', client_id='c', client_secret='{}')",
            lambda: some(MIXED, 3) + "8Q~" + some(URLSAFE, 34),
        ),
        ("azure client bare", "the app's value is {}", lambda: some(MIXED, 3) + "8Q~" + some(URLSAFE, 34)),
        (
            "servicebus",
            "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}",
            lambda: base64_of(32),
        ),
        ("sas", "https://x.blob.core.windows.net/c?sv=2020-08-04&ss=b&sig={}", lambda: some(MIXED, 40) + "%3D"),
        ("redis", "redis.from_url('redis://:{}@cache.internal:6379/0')", chosen),
        ("amqp", "amqp://guest:{}@rabbit:5672/%2f", chosen),
        ("odbc", "DRIVER={{ODBC Driver 17}};SERVER=x;UID=sa;PWD={};", chosen),
        ("psycopg dsn", 'psycopg2.connect("host=db dbname=x user=bob password={} sslmode=require")', chosen),
        ("psycopg dsn quoted", "conn = \"host=db user=bob password='{}'\"", chosen),
        ("netrc", "machine api.x.com login bob password {}", chosen),
        ("pgpass", "db.internal:5432:sales:bob:{}", chosen),
        ("x-api-key", "headers={{'X-Api-Key': '{}'}}", lambda: some(MIXED, 32)),
        ("cookie", "Cookie: sessionid={}; csrftoken=x", lambda: some(LOWER, 32)),
        ("otp", "otpauth://totp/ACME:bob?secret={}&issuer=ACME", lambda: some(BASE32, 32)),
        (
            "openssh",
            "{}",
            lambda: (
                "-----BEGIN OPENSSH PRIVATE "
                + "KEY-----\n"
                + "\n".join(some(MIXED + "/+", 70) for _ in range(5))
                + "\n-----END OPENSSH PRIVATE "
                + "KEY-----"
            ),
        ),
        (
            "pgp",
            "{}",
            lambda: (
                "-----BEGIN PGP PRIVATE "
                + "KEY BLOCK-----\n\n"
                + "\n".join(some(MIXED + "/+", 64) for _ in range(5))
                + "\n-----END PGP PRIVATE "
                + "KEY BLOCK-----"
            ),
        ),
        ("putty", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{}\nPrivate-MAC: x", lambda: base64_of(36)),
        ("mapbox", "mapbox {}", lambda: "sk.eyJ1Ijoi" + some(MIXED, 40) + "." + some(URLSAFE, 22)),
        ("mailchimp", "mc {}", lambda: some(HEX, 32) + "-us12"),
        ("square", "sq {}", lambda: "sq0atp-" + some(URLSAFE, 22)),
        ("square2", "sq {}", lambda: "EAAA" + some(URLSAFE, 60)),
        ("braintree", "bt {}", lambda: "access_token$production$" + some(LOWER, 16) + "$" + some(HEX, 32)),
        ("sentry dsn", "sentry_sdk.init('https://{}@o123.ingest.sentry.io/456')", lambda: some(HEX, 32)),
        ("airtable", "Api('{}')", lambda: "pat" + some(MIXED, 14) + "." + some(HEX, 64)),
        ("figma", "f {}", lambda: "figd_" + some(URLSAFE, 40)),
        ("dropbox", "d {}", lambda: "sl." + some(URLSAFE, 130)),
        ("netlify", "n {}", lambda: "nfp_" + some(MIXED, 36)),
        ("planetscale", "n {}", lambda: "pscale_tkn_" + some(URLSAFE, 43)),
        ("supabase", "n {}", lambda: "sbp_" + some(HEX, 40)),
        ("doppler", "n {}", lambda: "dp.pt." + some(MIXED, 43)),
        ("terraform", "n {}", lambda: some(MIXED, 14) + ".atlasv1." + some(URLSAFE, 67)),
        ("pulumi", "n {}", lambda: "pul-" + some(HEX, 40)),
        ("rubygems", "n {}", lambda: "rubygems_" + some(HEX, 48)),
        ("pinecone", "Pinecone('{}')", lambda: "pcsk_" + some(MIXED, 5) + "_" + some(MIXED, 60)),
        ("elevenlabs", "e {}", lambda: "sk_" + some(HEX, 48)),
        ("kaggle", '{{"username":"bob","key":"{}"}}', lambda: some(HEX, 32)),
        ("wandb", "wandb.login(key='{}')", lambda: some(HEX, 40)),
        ("wandb env", "%env WANDB_API_KEY={}", lambda: some(HEX, 40)),
        ("environ key", "os.environ['DEEPGRAM_KEY'] = '{}'", lambda: some(HEX, 40)),
        ("stripe key", "STRIPE_KEY = '{}'", lambda: some(MIXED, 40)),
        ("db_pass", "DB_PASS={}", chosen),
        ("user_pass", "smtp_pass = '{}'", chosen),
        ("pw", "pw = '{}'", chosen),
        ("auth tuple", "requests.get(url, auth=('bob', '{}'))", chosen),
        ("basicauth", "HTTPBasicAuth('bob', \"{}\")", chosen),
        ("smtp login", "server.login('bob', '{}')", chosen),
        ("pgpassword", "!PGPASSWORD={} psql -h db", chosen),
        ("mysql -p", "!mysql -u root -p{} -e 'select 1'", chosen),
        ("django", "SECRET_KEY = 'django-insecure-{}'", lambda: some(LOWER + "!@#$%^&*(-_=+)", 50)),
        ("fernet", "Fernet(b'{}')", lambda: base64.urlsafe_b64encode(rng.randbytes(32)).decode()),
        ("query api_key", "https://x.com/v1/q?lat=1&api_key={}&u=2", lambda: some(MIXED, 32)),
        ("query appid", "https://api.openweathermap.org/data?q=Oslo&appid={}", lambda: some(HEX, 32)),
        ("query key", "https://maps.example.com/api?key={}", lambda: some(MIXED, 39)),
        ("query token", "https://api.x.com/?token={}", lambda: some(LOWER, 20)),
        ("german", "passwort = '{}'", chosen),
        ("spanish", "contraseña = '{}'", chosen),
        ("chinese", "密码: {}", chosen),
        ("chinese2", "密码：{}", chosen),
        ("russian", "пароль = '{}'", chosen),
        ("french", "mot_de_passe = '{}'", chosen),
        ("passphrase prose", "The password is {}", chosen),
        ("xml", "<password>{}</password>", chosen),
        ("js", "const apiKey = `{}`;", lambda: some(MIXED, 32)),
        ("dict multi-line", "{{\n 'password':\n   '{}'}}", chosen),
        ("paren concat", "password = ('{}')", chosen),
        ("f-string", "f'postgres://u:{}@h/db'", chosen),
        ("cfg.set", "config.set('db', 'password', '{}')", chosen),
        ("os.environ.setdefault", "os.environ.setdefault('API_KEY', '{}')", lambda: some(MIXED, 32)),
        ("os.putenv", "os.putenv('DB_PASSWORD', '{}')", chosen),
        ("getenv default", "os.getenv('DB_PASSWORD', '{}')", chosen),
        ("keyword bytes", "hmac.new(key=b'{}', msg=m)", lambda: some(MIXED, 32)),
        ("secret text col", "user  password\nbob   {}", chosen),
        ("csv", "user,password,age\nbob,{},3", chosen),
        ("markdown table", "| user | password |\n|---|---|\n| bob | {} |", chosen),
        ("github url", "git clone https://{}@github.com/a/b.git", lambda: "gh" + "p_" + some(MIXED, 36)),
        ("git url user", "git+https://oauth2:{}@gitlab.com/a/b.git", chosen),
        (
            "slack cookie",
            "g {}",
            lambda: "xoxc-" + "-".join(some(string.digits, 12) for _ in range(3)) + "-" + some(HEX, 64),
        ),
        (
            "teams hook",
            "{}",
            lambda: (
                "https://acme.webhook.office.com/webhookb2/"
                + str(uuid.UUID(int=rng.getrandbits(128)))
                + "@"
                + str(uuid.UUID(int=rng.getrandbits(128)))
                + "/IncomingWebhook/"
                + some(HEX, 32)
            ),
        ),
        ("datadog", "DD_APP_KEY={}", lambda: some(HEX, 40)),
        ("heroku", "HEROKU_API_KEY={}", lambda: str(uuid.UUID(int=rng.getrandbits(128)))),
        ("okta", "Authorization: SSWS {}", lambda: "00" + some(URLSAFE, 40)),
        ("cloudflare", "CLOUDFLARE_API_TOKEN={}", lambda: some(URLSAFE, 40)),
        ("npmrc", "//registry.npmjs.org/:_authToken={}", lambda: some(MIXED, 36)),
        ("docker config", '{{"auths": {{"ghcr.io": {{"auth": "{}"}}}}}}', lambda: base64_of(30)),
        ("kube", "client-key-data: {}", lambda: base64_of(200)),
        ("kube token", "    token: {}", lambda: some(URLSAFE, 60)),
        ("jdbc oracle", "jdbc:oracle:thin:scott/{}@//db:1521/x", chosen),
        ("sqlalchemy URL", "URL.create('postgresql', username='bob', password='{}', host='h')", chosen),
        ("storage_options", "storage_options={{'key': 'x', 'secret': '{}'}}", lambda: some(MIXED + "/+", 40)),
        ("email unicode", "an {}", lambda: "jörg." + some(LOWER, 5) + "@müller.example"),
        ("email mailto", "<a href='mailto:{}'>", lambda: some(LOWER, 8) + "@firma.de"),
        ("email angle", "Bob <{}>", lambda: some(LOWER, 8) + "@firma.io"),
        ("email in url", "https://x.com/?email={}", lambda: some(LOWER, 8) + "%40firma.io"),
        ("twilio auth", "Client('AC" + some(HEX, 32) + "', '{}')", lambda: some(HEX, 32)),
        ("eth private", "private_key = '{}'", lambda: "0x" + some(HEX, 64)),
        (
            "mnemonic",
            "seed_phrase = '{}'",
            lambda: "abandon ability able about above absent absorb abstract absurd abuse access accident",
        ),
        ("cohere var", "co = cohere.Client('{}')", lambda: some(MIXED, 40)),
        ("subscription", "Ocp-Apim-Subscription-Key: {}", lambda: some(HEX, 32)),
        ("jupyter token", "http://localhost:8888/lab?token={}", lambda: some(HEX, 48)),
        ("escaped json", '"{{\\"password\\": \\"{}\\"}}"', chosen),
        ("pandas repr", "0    password={}\n1    x\nName: note, dtype: object", chosen),
        (
            "traceback conn",
            "OperationalError: connection to server failed: FATAL: password authentication failed for user bob (postgresql://bob:{}@db/x)",
            chosen,
        ),
        ("export", "export SLACK_SIGNING_SECRET={}", lambda: some(HEX, 32)),
        ("--token", "!huggingface-cli login --token {}", lambda: some(MIXED, 20)),
        ("--password=", "!tool --password={}", chosen),
        ("-p", "!docker login -u bob -p {} registry", chosen),
    )
    for kind, template, make in ways:
        for _ in range(each):
            secret = make()
            yield kind, template.format(secret), secret
