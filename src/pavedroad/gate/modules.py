"""Which modules a Python distribution installs, where its name does not say so. Facts, from the distributions' own
metadata (``top_level.txt``, ``RECORD``).

A distribution that is not listed may install anything: its name is only a guess, and then "nobody imports it" cannot be
said for sure.
"""

import re

_RUNS = re.compile(r"[-_.]+")

# Distribution (normalised as PEP 503 says): top-level modules; dotted where the first level is shared by many.
_DIFFERENT = """
absl-py absl
algoliasearch algoliasearch
antlr4-python3-runtime antlr4
argon2-cffi argon2
async-timeout async_timeout
attrs attr attrs
authlib authlib
azure-core azure.core
azure-common azure.common
azure-cosmos azure.cosmos
azure-identity azure.identity
azure-keyvault-secrets azure.keyvault
azure-keyvault-keys azure.keyvault
azure-servicebus azure.servicebus
azure-storage-blob azure.storage
azure-storage-file-share azure.storage
azure-storage-queue azure.storage
backports-zoneinfo backports.zoneinfo
beautifulsoup4 bs4
biopython Bio BioSQL
brotli brotli
cattrs cattr cattrs
charset-normalizer charset_normalizer
confluent-kafka confluent_kafka
cython Cython cython pyximport
discord-py discord
djangorestframework rest_framework
djangorestframework-simplejwt rest_framework_simplejwt
django-allauth allauth
django-cors-headers corsheaders
django-debug-toolbar debug_toolbar
django-environ environ
django-extensions django_extensions
django-filter django_filters
django-storages storages
dnspython dns
docker docker
docker-py docker
ecdsa ecdsa
elasticsearch elasticsearch
elasticsearch-dsl elasticsearch_dsl
facebook-sdk facebook
faiss-cpu faiss
flask-cors flask_cors
flask-jwt-extended flask_jwt_extended
flask-login flask_login
flask-migrate flask_migrate
flask-restful flask_restful
flask-sqlalchemy flask_sqlalchemy
flask-wtf flask_wtf
gdal osgeo
gitpython git
google-api-core google.api_core
google-api-python-client googleapiclient apiclient
google-auth google.auth google.oauth2
google-auth-httplib2 google_auth_httplib2
google-auth-oauthlib google_auth_oauthlib
google-cloud-bigquery google.cloud.bigquery
google-cloud-core google.cloud
google-cloud-firestore google.cloud.firestore
google-cloud-logging google.cloud.logging
google-cloud-pubsub google.cloud.pubsub google.cloud.pubsub_v1
google-cloud-secret-manager google.cloud.secretmanager
google-cloud-storage google.cloud.storage
google-generativeai google.generativeai
googleapis-common-protos google.api google.rpc google.type google.longrunning
graphql-core graphql
grpcio grpc
grpcio-status grpc_status
grpcio-tools grpc_tools
html5lib html5lib
httplib2 httplib2
imbalanced-learn imblearn
importlib-metadata importlib_metadata
importlib-resources importlib_resources
ipython IPython
jaraco-context jaraco.context
jaraco-functools jaraco.functools
jaraco-text jaraco.text
jinja2 jinja2
jpype1 jpype
jwcrypto jwcrypto
kafka-python kafka
kubernetes kubernetes
ldap3 ldap3
levenshtein Levenshtein
llama-index-core llama_index.core
lxml lxml
mako mako
markdown markdown
markdown-it-py markdown_it
markupsafe markupsafe
mistune mistune
moviepy moviepy
msgpack msgpack
msgpack-python msgpack
mysql-connector-python mysql
mysqlclient MySQLdb
newrelic newrelic
oauthlib oauthlib
opencv-contrib-python cv2
opencv-python cv2
opencv-python-headless cv2
openpyxl openpyxl
opentelemetry-api opentelemetry
opentelemetry-sdk opentelemetry.sdk
paho-mqtt paho.mqtt
pdfminer-six pdfminer
peewee peewee playhouse
pillow PIL
pillow-simd PIL
prometheus-client prometheus_client
protobuf google.protobuf
psycopg2-binary psycopg2
psycopg-binary psycopg psycopg_binary
psycopg psycopg
py-bcrypt bcrypt
pyasn1-modules pyasn1_modules
pycryptodome Crypto
pycryptodomex Cryptodome
pycrypto Crypto
pyfakefs pyfakefs
pygithub github
pygobject gi
pyhamcrest hamcrest
pyicu icu
pyjwt jwt
pymongo pymongo bson gridfs
pymupdf fitz pymupdf
pymysql pymysql
pynacl nacl
pyopenssl OpenSSL
pypdf2 PyPDF2
pyperclip pyperclip
pyqt5 PyQt5
pyqt6 PyQt6
pyserial serial
pyside6 PySide6
pysocks socks sockshandler
pystache pystache
python-barcode barcode
python-box box
python-consul consul
python-daemon daemon
python-dateutil dateutil
python-decouple decouple
python-docx docx
python-dotenv dotenv
python-engineio engineio
python-gitlab gitlab
python-gnupg gnupg
python-jenkins jenkins
python-jose jose
python-json-logger pythonjsonlogger
python-keystoneclient keystoneclient
python-ldap ldap ldif slapdtest
python-levenshtein Levenshtein
python-magic magic
python-memcached memcache
python-multipart multipart python_multipart
python-pptx pptx
python-slugify slugify
python-socketio socketio
python-telegram-bot telegram
python3-openid openid
python3-saml onelogin
pytorch torch
pyusb usb
pywavelets pywt
pywin32 win32api win32con win32com win32file pythoncom pywintypes
pyxdg xdg
pyyaml yaml
pyzmq zmq
qrcode qrcode
rfc3339-validator rfc3339_validator
ruamel-yaml ruamel.yaml
scikit-image skimage
scikit-learn sklearn
sentry-sdk sentry_sdk
setuptools setuptools pkg_resources
slack-sdk slack_sdk
slackclient slack
snowflake-connector-python snowflake.connector
speechrecognition speech_recognition
spdx-tools spdx_tools
sqlalchemy sqlalchemy
sqlalchemy-utils sqlalchemy_utils
suds-community suds
tensorflow tensorflow
tensorflow-cpu tensorflow
tensorflow-gpu tensorflow
torch torch
twisted twisted
typing-extensions typing_extensions
tzlocal tzlocal
umap-learn umap
unidecode unidecode
websocket-client websocket
werkzeug werkzeug
wxpython wx
xmlsec xmlsec
zeroc-ice Ice
zope-interface zope.interface
zope-event zope.event
"""

# Distributions that install the one module of their own name.
_SAME = """
aiofiles aiohttp alembic anyio arrow asgiref asyncpg babel bandit bcrypt bleach boto3 botocore cachetools celery
certifi cffi chardet cherrypy click colorama cryptography dask defusedxml deepdiff distlib django eventlet fabric
fastapi fastavro feedparser filelock flask frozenlist fsspec gevent greenlet gunicorn h11 h2 hiredis httpcore httpx
hypercorn idna invoke itsdangerous jmespath joblib jsonpickle jsonschema keras keyring kombu langchain
loguru lz4 mashumaro matplotlib mechanize mlflow multidict mypy nltk numba numpy onnx openai orjson packaging pandas
paramiko passlib pexpect pika pip pluggy psutil psycopg2 ptyprocess pyarrow pyasn1 pycurl pydantic pydantic_core
pygments pylint pymssql pyparsing pypdf pyramid pyrsistent pytest pytz ray redis regex requests requests_oauthlib
requests_toolbelt rich rsa s3transfer s3fs sanic scipy scrapy seaborn selenium shapely simplejson six sniffio soupsieve
spacy sqlparse starlette streamlit tablib tenacity toml tomli tornado tox tqdm transformers trio ujson urllib3 uvicorn
uvloop virtualenv waitress watchdog websockets wheel wrapt xlrd xmltodict yarl zeep zipp zstandard
"""

# Started by their own command as a rule: nothing needs to import them.
PROGRAMS = frozenset(
    {"alembic", "ansible", "ansible-core", "awscli", "celery", "certbot", "daphne", "gunicorn", "hypercorn", "jupyter",
     "jupyter-server", "jupyterlab", "mlflow", "mkdocs", "notebook", "pip", "pipenv", "poetry", "streamlit",
     "supervisor", "tox", "twine", "uv", "uvicorn", "uwsgi", "virtualenv", "waitress", "wheel", "setuptools"}
)  # fmt: skip


def normal(name: str) -> str:
    """The name of a distribution as PEP 503 compares it."""
    return _RUNS.sub("-", name).lower()


_KNOWN: dict[str, tuple[str, ...]] = {
    **{normal(name): (name,) for name in _SAME.split()},
    **{line.split()[0]: tuple(line.split()[1:]) for line in _DIFFERENT.strip().splitlines()},
}


def modules_of(distribution: str) -> tuple[tuple[str, ...], bool]:
    """The modules that ``distribution`` installs, and whether that is known or guessed from its name."""
    name = normal(distribution)
    if name in _KNOWN:
        return _KNOWN[name], True
    return tuple(dict.fromkeys((name.replace("-", "_"), name.removeprefix("python-").replace("-", "_")))), False
