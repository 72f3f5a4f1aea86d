"""The planted trees of secrets_accuracy.py: (path, template). ``⟦maker⟧`` becomes a random value; one mark a line."""

DEVELOPMENT = [
    (
        ".env",
        'APP_ENV=production\nAPP_KEY=base64:⟦b64⟧\nDB_HOST=db1\nDB_PASSWORD=⟦human⟧\nMAIL_PASSWORD="⟦pw⟧"\nSTRIPE=⟦stripe⟧\nEMPTY_PASSWORD=\nJWT_SECRET=${JWT}\nAPI_TOKEN=changeme\nSESSION_ID_SALT=⟦hex32⟧\n',
    ),
    (".netrc", "machine api.acme.io\n  login ci\n  password ⟦pw⟧\nmachine other login x password ⟦human⟧\n"),
    (
        ".npmrc",
        "registry=https://npm.acme.io/\n//npm.acme.io/:_authToken=⟦uuid⟧\n//npm.old.io/:_password=⟦b64pw⟧\n//x/:_authToken=${NPM_TOKEN}\n",
    ),
    (".pypirc", "[distutils]\nindex-servers = pypi\n[pypi]\nusername = acme\npassword = ⟦human⟧\n"),
    ("pip.conf", "[global]\nindex-url = https://ci:⟦pw⟧@pypi.acme.io/simple\n"),
    (".git-credentials", "https://alice:⟦tok40⟧@git.acme.io\n"),
    (".docker/config.json", '{"auths": {"reg.acme.io": {\n"auth": "⟦auth⟧"}}}\n'),
    (
        "kube/config",
        "apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: admin\n  user:\n    token: ⟦tok64⟧\n    client-certificate-data: LS0tLS1CRUdJTiBDRVJU\n",
    ),
    ("etc/shadow", "root:⟦sha512⟧:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"),
    ("web/.htpasswd", "alice:⟦apr⟧\nbob:⟦bcrypt⟧\n"),
    (".pgpass", "db1:5432:shop:app:⟦pw⟧\n# db2:5432:*:x:y\n"),
    ("etc/my.cnf", "[client]\nuser=root\npassword=⟦human⟧\n"),
    (
        "wp-config.php",
        "<?php\ndefine( 'DB_NAME', 'wp' );\ndefine( 'DB_PASSWORD', '⟦human⟧' );\ndefine('AUTH_KEY', '⟦tok64⟧');\ndefine('NONCE_SALT', 'put your unique phrase here');\n",
    ),
    (
        "shop/settings.py",
        "DEBUG = True\nSECRET_KEY = '⟦tok40⟧'\nDATABASES = {'default': {\n  'USER': 'shop',\n  'PASSWORD': '⟦human⟧',\n}}\nEMAIL_HOST_PASSWORD = os.environ['MAIL']\nAWS_KEY = '⟦awsid⟧'\n",
    ),
    (
        "config/database.yml",
        "production:\n  adapter: postgresql\n  username: app\n  password: ⟦human⟧\ndevelopment:\n  password: <%= ENV['DB'] %>\n",
    ),
    ("config/secrets.yml", "production:\n  secret_key_base: ⟦hex64⟧\ntest:\n  secret_key_base: <%= ENV['X'] %>\n"),
    ("config/master.key", "⟦hex32⟧\n"),
    (
        "src/main/resources/application.properties",
        "spring.datasource.url=jdbc:postgresql://db/x\nspring.datasource.password=⟦pw⟧\njasypt.password=ENC(abcdefgh)\n",
    ),
    (
        "src/main/resources/application.yml",
        "spring:\n  datasource:\n    username: sa\n    password: ⟦human⟧\n    driver: org.postgresql.Driver\n",
    ),
    ("appsettings.json", '{"ConnectionStrings": {\n"Default": "Server=db;Database=x;User Id=sa;Password=⟦pw⟧;"\n}}\n'),
    (
        "web.config",
        '<configuration><connectionStrings>\n<add name="x" connectionString="Data Source=db;User ID=sa;Password=⟦human⟧" />\n</connectionStrings></configuration>\n',
    ),
    (
        "dump.sql",
        "CREATE TABLE `users` (\n  `id` int,\n  `login` varchar(60),\n  `user_pass` varchar(255)\n);\nINSERT INTO `users` VALUES (1,'bob','⟦bcrypt⟧');\nCREATE USER 'app'@'%' IDENTIFIED BY '⟦pw⟧';\n",
    ),
    (
        "filezilla/sitemanager.xml",
        '<FileZilla3><Servers><Server><Host>h</Host><User>u</User>\n<Pass encoding="base64">⟦b64pw⟧</Pass>\n</Server></Servers></FileZilla3>\n',
    ),
    ("sftp-config.json", '{\n  "type": "sftp",\n  "user": "x",\n  "password": "⟦human⟧", // comment\n}\n'),
    (".vscode/sftp.json", '{"host": "h",\n"password": "⟦human⟧"}\n'),
    (
        ".idea/webServers.xml",
        '<project><component><option name="servers"><webServer name="x">\n<fileTransfer host="h" password="⟦hex32⟧" username="u"/>\n</webServer></option></component></project>\n',
    ),
    (".remote-sync.json", '{"transport":"sftp",\n"password":"⟦human⟧"}\n'),
    ("WinSCP.ini", "[Sessions\\x]\nHostName=h\nPassword=⟦hex64⟧\n"),
    ("ventrilo_srv.ini", "[Server]\nName=x\nAdminPassword=⟦human⟧\nPassword=\n"),
    ("robomongo.json", '{"connections":[{"credentials":[{\n"userName":"u",\n"userPassword":"⟦human⟧"}]}]}\n'),
    (".aws/credentials", "[default]\naws_access_key_id = ⟦awsid⟧\naws_secret_access_key = ⟦awskey⟧\n"),
    (".s3cfg", "[default]\naccess_key = ⟦awsid⟧\nsecret_key = ⟦awskey⟧\n"),
    (".tugboat", "---\nauthentication:\n  api_key: ⟦hex32⟧\n"),
    (".config/hub", "github.com:\n- user: x\n  oauth_token: ⟦tok40⟧\n"),
    ("credentials.xml", "<com.cloudbees.plugins>\n<password>{⟦b64⟧}</password>\n</com.cloudbees.plugins>\n"),
    (".vault_pass", "⟦human⟧\n"),
    (".muttrc", 'set imap_user = "a@b.c"\nset imap_pass = "⟦human⟧"\n'),
    (".esmtprc", 'identity = a@b\nhostname = h:587\nusername = "u"\npassword = "⟦human⟧"\n'),
    ("wpa_supplicant.conf", 'network={\n ssid="home"\n psk="⟦human⟧"\n}\n'),
    (
        "logins.json",
        '{"logins":[{"hostname":"https://x",\n"encryptedUsername":"MDIEEPgAAAAAAAAAAA",\n"encryptedPassword":"⟦b64⟧"}]}\n',
    ),
    (
        ".bash_history",
        "ls -la\nmysql -u root -p⟦tok24⟧ shop\nexport AWS_SECRET_ACCESS_KEY=⟦awskey⟧\ncd /tmp\nsshpass -p ⟦human⟧ ssh x@y\n",
    ),
    ("keys/id_rsa", "-----BEGIN RSA PRIVATE KEY-----\n⟦pem⟧\n-----END RSA PRIVATE KEY-----\n"),
    (
        "keys/wg0.conf",
        "[Interface]\nPrivateKey = ⟦b64⟧\nAddress = 10.0.0.1/24\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n",
    ),
    (
        "terraform.tfstate",
        '{"resources":[{"type":"aws_db_instance","instances":[{"attributes":{\n"password": "⟦pw⟧",\n"arn": "arn:aws:rds:x"}}]}]}\n',
    ),
    ("prod.tfvars", 'region = "eu"\ndb_password = "⟦human⟧"\n'),
    (".gitlab-ci.yml", "variables:\n  DEPLOY_TOKEN: ⟦tok24⟧\n  SAFE_TOKEN: $CI_JOB_TOKEN\n"),
    (
        ".github/workflows/ci.yml",
        "on: push\npermissions:\n  id-token: write\njobs:\n  x:\n    env:\n      API_KEY: ⟦hex32⟧\n      OTHER_TOKEN: ${{ secrets.TOKEN }}\n",
    ),
    (
        "docker-compose.yml",
        "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=⟦human⟧\n      MYSQL_ROOT_PASSWORD: ⟦pw⟧\n      OTHER_PASSWORD: ${PW}\n",
    ),
    ("Dockerfile", "FROM x\nENV API_TOKEN=⟦tok40⟧\nARG PASSWORD\n"),
    (
        "src/client.py",
        "import os\nAPI_KEY = '⟦tok40⟧'\npassword = os.environ['PW']\nclient.connect(password='⟦pw⟧')\nurl = 'postgres://app:⟦pw⟧@db.acme.io/x'\n",
    ),
    (
        "src/app.js",
        "const cfg = { apiSecret: '⟦tok40⟧', user: 'x' };\nconn.login('me@acme.io', '⟦pw⟧', cb);\nconst t = process.env.TOKEN;\n",
    ),
    (
        "src/Main.java",
        'class A {\n  private static final String DB_PASSWORD = "⟦human⟧";\n  String token = getToken();\n}\n',
    ),
    ("config.php", "<?php\n$dbhost = 'x';\n$dbpass = '⟦human⟧';\n"),
    (
        "deploy/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: ⟦b64pw⟧\n  username: YWRtaW4=\n",
    ),
]

HELD_OUT: list[tuple[str, str]] = []
