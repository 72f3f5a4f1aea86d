"""The words and shapes by which judgement.py knows what is no secret. Sources: the public documentation of the products
named, and lists of the most common passwords that everybody's crackers try first."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re

from pavedroad.scanning.scanners.secrets.wordlists import word_set

# Values that point to a value: variables, templates, look-ups, sealed or encrypted values.
REFERENCE = re.compile(
    r"""(?ix)
    \$\{ | \$\( | \{\{ | \}\} | <% | %> | \#\{ | @\{ | ^\$[a-z_][\w.]*$ | ^\$[a-z_]\w*[:/,&] | ^\$[a-z_]\w*(?:\[|->|\() | ^\$[(\[] | ^%[a-z_]\w*%$ | %\( | ^%-?\d*[a-z]$ | ^%[sd]\b | ^@@?[a-z_]+@@?$ | ^__\w+__$
    | ^\{[\w.:!]*\}$ | ^:\w+$ | ^&\w+;?$ | ^!\w+ | ^<[^>]*>?$ | ^\[[^\]]*\]$ | ^\*\w+$
    | \bos\.environ | \bgetenv\b | \benv[.\[(:] | \bprocess\.env\b | \bENV\[ | \bimport\.meta\b | \bsystem\.getproperty | \bconfig[.\[(]
    | ^(?:vault|ssm|secretsmanager|keyvault|aws-?sm|gcp-?sm|op|bws|doppler|akeyless|conjur|secretref|sm|ref|file|env|pass|keyring|keychain|kms|sops|sdb):
    | ^arn:aws | ^projects/[\w-]+/secrets/ | ^ENC\[ | ^ENC\( | ^\$ANSIBLE_VAULT | ^U2FsdGVkX1 | ^SCRAM-SHA-\d+\$ | ^(?:id|src|source|type|env)=\w | ^\{cipher\} | ^\{DES(?:ede)?\} | ^AgA[A-Za-z0-9+/]{100}
    | \bsecretKeyRef\b | \bvalueFrom\b | \blookup\(
    | ^(?:self|this|request|req|params|args|opts|options|settings|data|ctx|props|state|event|secrets|vars|var|local|module|each|input|inputs|cfg|conf|kwargs)[.\[]
    """
)
MASKED = re.compile(
    r"(?i)^(.)\1{3,}.?$|x{5,}|\*{3,}|\.{3,}|…|•{2,}|^[x*#.\-_?0 ]+$|(.)\2{7,}|^(..)\3{3,}.?$|^(...)\4{2,}.{0,2}$"
)
PLACEHOLDER = re.compile(
    r"""(?ix)
    change[\s_.-]?(?:me|it|this|in|before|on) | \b(?:replace|insert|enter|put|add|set|fill|paste)[\s_.-]?(?:me|this|it|with|your|here|in|value|a|the)(?![a-z])
    | (?:^|[^a-z])(?:your|my|the|some|our|any)[\s_.-]+[\w.-]*(?:pass|pwd|secret|token|key|credential|user|value|here|id)
    | ^your(?:own)?(?:super|very|long|strong|random|db|database|secure|root|admin|aws|api|app|jwt)?(?:pass|pwd|secret|token|key|api|access|value)
    | ^(?:my|some)(?:own)?(?:super|very|long|strong|random|db|database|secure|root|admin|aws|api|app|jwt)?(?:pass|pwd|pw|token|api_?key|key|value)$
    | place[\s_-]?holder | redacted | dummy | \bfoo(?:bar|baz)?\b | ^foo\d*$ | ^bar(?:baz)?$ | (?:^|[\W_])(?:fake|sample|todo|tbd|fixme|n/a|none|null|nil|unset|undefined|goes|notreal|not[\s_-]a[\s_-]real|not[\s_-]real|nope|omitted|removed|hidden|snip|blank|empty|example)(?:[\W_]|$)
    | ^(?:not|no|an?|any|some)[\s_-](?:\w+[\s_-])?(?:pass(?:word)?|secret|token|key)\b | [\s_-]here$ | \bhere>?$ | ^(?:generate|create|run|see|use|get|obtain|ask|choose|pick)[\s_-]
    | correct[\s_-]?horse | lorem | insecure | unsafe | deadbeef | cafebabe | do[\s_-]?not[\s_-]?use | for[\s_-](?:test|demo|dev)
    """
)
EXAMPLE = re.compile(
    r"EXAMPLE(?:KEY|TOKEN)?\b|EXAMPLEKEY|AKIAIOSFODNN7|AKIAI44QH8DHB|wJalrXUtnFEMI|je7MtGbClwBF|SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c|"
    r"TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ|Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq|"
    r"C2y6yDjf5/R\+ob0N8A7Cgv30VRDJIWEH|sk_test_4eC39HqLyjWDarjtT1zdp7dc|(?i:example\.(?:com|org|net))|"
    r"SW(?:MTKN-1-(?:3pu6hszjas19xyp7|1h8aps2yszaiqmz2)|MKEY-1-7c37Cc8654o6p38H)"
)
PUBLIC = re.compile(
    r"^(?:sha(?:1|256|384|512)[-:]|md5[-:]|ssh-(?:rsa|ed25519|dss) |ecdsa-sha2-|AAAA[BCE]3NzaC1|-----BEGIN (?:PUBLIC|CERT|RSA PUBLIC)|[a-z][a-z0-9+.-]*://[^@]*$|"
    r"[\w.+-]+@[\w-]+\.[a-z]{2,}$|pk_(?:test|live)_|MII[A-Z]\w{6}.*(?:AQAB|IDAQAB)$|data:|urn:|\d+(?:\.\d+){1,24}$|(?:[dq]word|hex(?:\(\w\))?):|\d{4}-\d\d-\d\d|#[0-9A-Fa-f]{3,8}$)"
)
URL_PASSWORD = re.compile(r"^[a-z][a-z0-9+.-]{1,24}://[^\s:/@]{0,128}:([^\s/@]{1,256})@")
# Names of algorithms: what a field called "password" or "secret" may say of how it is kept.
ALGORITHM = re.compile(
    r"(?i)^(?:(?:aes|des|3des|camellia|aria|sm4|chacha20|x?salsa20|blowfish|twofish|rc4|pbe|pbes2|pbkdf2|hmac|scram|sha|rsa|ecdsa|ed25519)"
    r"(?:with|and|wrap|ede|hmac|poly1305|cbc|gcm|ctr|ecb|cfb|ofb|ccm|kw|sha|aes|hs|oaep|pkcs|des|md5|rc\d|bit|[\d_+/-])*)$"
)
UUID = re.compile(r"^\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?$")
CODE = re.compile(
    r"\(\)|\w\.\w+\(|^\w+(?::\w+){2,}$|\(\w*[,)]|\)$|^\w+\(|=>|->|::|\bfunction\b|^[\w-]+(?:\.[A-Za-z_][\w-]*)+$|^(?:[.~]{0,2}/|[A-Za-z]:\\)[\w.~/\\-]+$|^\w+\[|\+\s*$|^[\s+=<>&|?:]|"
    r"\\[dwsSWbn][+*]?|\[\^|\.\*|^[\w-]+(?:/[\w.-]+){2,}$|&[a-z]+;|%[sdr](?:\W|$)|^%\w{1,12}$|\{\w*\}|^--?[a-z]|^[a-z]+(?:_[a-z]+){1,}$|^[a-z]+(?:-[a-z]+)+$|^[A-Z]+(?:[_/$.-]+[A-Z0-9]+)+$|"
    r"^(?:\\u[0-9A-Fa-f]{4})+$|^\.\s?\$\w|^\\{0,2}[A-Z]\w*(?:\\{1,2}[A-Z]\w*)+$|^/[\w.~/:{}-]+$|^[a-z]+(?:[A-Z][a-z]+)+$|^(?:[A-Z][a-z]+){2,}$"
)
# Values that hold nothing: words that stand where a secret would, and product defaults that everybody knows.
NOTHING = word_set(
    "token key apikey api_key api-key credentials credential",
    "none null nil undefined true false yes no on off default empty string text str int integer number",
    "bool boolean object varchar char bytes binary optional required prompt ask stdin hidden",
    "anonymous anonymous@ example sample value",
    "values disabled enabled auto random generated file env environment vault keyring basic bearer digest",
    "plain login md5 crypt scram hash hashed encrypted your_password yourpassword access_token",
    "refresh_token accesstoken refreshtoken id_token client_secret hex base64 utf8 utf-8 json xml ignore",
    "ignored inherit manual missing invalid valid unknown foo bar baz qux aaa bbb ccc",
    "test_token test-token testtoken test_key test-key testkey always never on_create",
    "are is and or the to for of in if not with must will should can may needed localhost",
    "pwd files compat winbind passphrase include omit same-origin function return this self class const list dict array any",
)
# The passwords that everybody tries first. Under the name of a password, where things are in use, they open something.
DEFAULTS = word_set(
    "password passwd passwort pass secret user username admin root guest test testing tests tester demo",
    "letmein mypassword mysecret my_secret my-secret secretkey secret_key secret-key supersecret super_secret super-secret",
    "abc123 123 1234 12345 123456 1234567 12345678 123456789 1234567890 123123 111111 000000 654321 0000 1111 qwerty",
    "qwerty123 qwertyuiop asdf asdfgh asdfghjkl pa$$word p@ssw0rd p@ssword p@$$w0rd passw0rd pass123 pass1234 password1",
    "password123 password1234 secret123 admin123 admin1234 test123 test1234 user123 toor testpass test_password",
    "testpassword test-password test_secret test-secret testsecret postgres mysql mongo redis minioadmin rabbitmq",
    "elastic oracle sa neo4j vagrant docker ubuntu centos raspberry hunter2 s3cr3t s3cret scott tiger welcome",
    "welcome1 iloveyou monkey dragon master changeit administrator adminadmin superuser manager tomcat public private",
    "foobar foobar123 abcdef abcdefg abcd1234 barfoo secret1 secret12 p4ssw0rd pa55word pa55w0rd changeme123",
) | {"keyboard cat"}
# Between ':' and '@' of a URL these stand for a password rather than being one, outside of configuration.
STANDINS = word_set("password passwd passwort pass pwd secret user username mypass mypassword test")
URL_WORDS = NOTHING | word_set("p pw psw port host xxx pwd1 pass1 user1 token123 secrets 8080 443 80 wordpass mypass")
# Weak by sound: a well-known word with decoration.
WEAK = re.compile(
    r"(?i)^[\W_\d]*(?:(?:my|the|a|super|top|very|new|old|db|sql|root|user|admin|test|fake|some|wrong|bad|right|correct|other|another|long|first|second|temp|client|app|access|refresh|api|auth|initial|"
    r"secure|strong|valid|invalid|unit|local|dev|demo|default|plain|shared|session|wordpress|magento|django|flask|jwt|key|token|secret)[\W_\d]*){0,3}"
    r"(?:pass(?:w(?:or)?[dt])?|p[a@]ss?w[o0]rd|pwd|secrets?|s3cr3t|s3cret|token|key|test(?:ing)?|admin|root|user|demo|guest|hello|world|hunter|secret|abc|qwerty|value|string|foo|bar|baz|letmein|welcome)[\W_\d]*(?:word|value|string|phrase)?[\W_\d]*$"
)
PEM_SAMPLE = re.compile(
    r"(?i)\.\.\.|…|<[a-z]|your[ _-]|xxxx|\{\{|\$\{|\bexample\b|snip|redacted|key (?:data|content|here)"
)

_ROWS = (
    "0123456789",
    "9876543210",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertz",
)
WALKS = frozenset(row[i : i + 3] for row in _ROWS for i in range(len(row) - 2)) | {"abc", "bca", "123", "231", "312"}
