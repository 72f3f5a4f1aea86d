"""The planted trees of secrets_accuracy.py: (path, template). ``⟦maker⟧`` becomes a random value; one mark a line."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

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

# Written once, after the detectors; changed since only where a template itself was wrong.
HELD_OUT: list[tuple[str, str]] = [
    (
        "backend/.env.production",
        "export DATABASE_URL=\"postgresql://svc:⟦tok24⟧@10.0.3.4:5432/main\"\nREDIS_PASS='⟦human⟧'\nSENTRY_DSN=https://abc@o1.ingest.io/2\nTWILIO_AUTH_TOKEN=⟦hex32⟧\nLOG_LEVEL=info\nADMIN_PW=⟦human⟧\nOAUTH_CLIENT_SECRET=<your-secret>\n",
    ),
    ("ops/_netrc", "default login anonymous password user@site\nmachine git.corp.io login bot password ⟦tok40⟧\n"),
    ("ui/.npmrc", "always-auth=true\n_auth=⟦auth⟧\nemail=a@b.io\n"),
    (".yarnrc.yml", 'npmScopes:\n  corp:\n    npmAuthToken: "⟦tok40⟧"\n'),
    (
        ".m2/settings.xml",
        "<settings><servers><server><id>nexus</id>\n<username>ci</username>\n<password>⟦pw⟧</password>\n</server></servers></settings>\n",
    ),
    (
        "nuget.config",
        '<configuration><packageSourceCredentials><corp>\n<add key="Username" value="ci" />\n<add key="ClearTextPassword" value="⟦human⟧" />\n</corp></packageSourceCredentials></configuration>\n',
    ),
    (".cargo/credentials.toml", '[registry]\ntoken = "⟦tok40⟧"\n'),
    (".gem/credentials", "---\n:rubygems_api_key: ⟦hex32⟧\n"),
    ("composer/auth.json", '{"http-basic": {"repo.corp.io": {\n"username": "x",\n"password": "⟦tok24⟧"}}}\n'),
    (".dockercfg", '{"reg.corp.io": {\n"auth": "⟦auth⟧",\n"email": "a@b.io"}}\n'),
    (
        "cluster/admin.conf",
        "apiVersion: v1\nkind: Config\ncurrent-context: a\nusers:\n- name: root\n  user:\n    password: ⟦human⟧\n    username: root\n",
    ),
    (
        "k8s/db-secret.yml",
        'apiVersion: v1\nkind: Secret\ntype: Opaque\nstringData:\n  DB_PASS: "⟦human⟧"\n  DB_USER: app\n',
    ),
    ("backup/shadow.bak", "alice:⟦sha512⟧:18000:0:99999:7:::\nnobody:!:18000::::::\n"),
    ("proftpd/ftpd.passwd", "web:⟦apr⟧:1000:1000::/srv:/bin/false\n"),
    ("home/pgpass.conf", "*:*:*:postgres:⟦tok24⟧\n"),
    ("home/.my.cnf", '[mysqldump]\nuser = dump\npassword = "⟦pw⟧"\n'),
    (
        "www/wp-config.php.bak",
        '<?php\ndefine("DB_USER", "w");\ndefine("DB_PASSWORD", "⟦human⟧");\ndefine(\'SECURE_AUTH_SALT\', \'⟦tok64⟧\');\n',
    ),
    (
        "site/local_settings.py",
        'SECRET_KEY = "⟦tok64⟧"\nCACHES = {"default": {"LOCATION": "redis://:⟦tok24⟧@cache:6379/0"}}\nSTATIC_URL = \'/static/\'\n',
    ),
    (
        "app/config/parameters.yml",
        "parameters:\n    database_user: root\n    database_password: ⟦human⟧\n    mailer_password: ~\n    secret: ⟦hex32⟧\n",
    ),
    (
        "config/mongoid.yml",
        "production:\n  clients:\n    default:\n      options:\n        user: 'x'\n        password: '⟦pw⟧'\n",
    ),
    (
        "config/initializers/devise.rb",
        "Devise.setup do |config|\n  config.secret_key = '⟦hex64⟧'\n  config.mailer_sender = 'a@b.io'\nend\n",
    ),
    (
        "server/application-prod.yml",
        'jwt:\n  secret: ⟦tok64⟧\nspring:\n  mail:\n    password: "⟦human⟧"\n  redis:\n    password: ${REDIS_PASSWORD:}\n',
    ),
    ("conf/application.conf", 'play.http.secret.key="⟦tok64⟧"\ndb.default.password=⟦human⟧\n'),
    (
        "Api/Web.Release.config",
        '<configuration><appSettings>\n<add key="SmtpPassword" value="⟦human⟧"/>\n<add key="SmtpHost" value="mail"/>\n</appSettings></configuration>\n',
    ),
    (
        "Api/appsettings.Production.json",
        '{"Jwt": {\n"Key": "⟦tok40⟧",\n"SigningKey": "⟦tok40⟧",\n"Issuer": "https://corp.io"},\n"Storage": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=⟦b64⟧;EndpointSuffix=core.windows.net"}\n',
    ),
    (
        "db/init.sql",
        "ALTER USER postgres WITH PASSWORD '⟦human⟧';\nINSERT INTO accounts (id, email, password) VALUES (1, 'a@b.io', '⟦hex32⟧');\nGRANT ALL ON *.* TO 'x'@'localhost' IDENTIFIED BY '⟦tok24⟧';\n",
    ),
    ("db/pg.sql", "COPY public.users (id, email, encrypted_password) FROM stdin;\n1\ta@b.io\t⟦bcrypt⟧\n\\.\n"),
    (
        "ftp/recentservers.xml",
        "<FileZilla3><RecentServers><Server>\n<Pass>⟦human⟧</Pass>\n<Port>21</Port></Server></RecentServers></FileZilla3>\n",
    ),
    (".ftpconfig", '{\n"host": "h",\n"pass": "⟦pw⟧",\n"passphrase": null}\n'),
    ("deployment-config.json", '[{"type":"ftp",\n"username":"u",\n"password":"⟦human⟧"}]\n'),
    (
        ".idea/dataSources.local.xml",
        '<component><data-source name="x">\n<user-name>app</user-name>\n<jdbc-url>jdbc:mysql://app:⟦tok24⟧@db/x</jdbc-url>\n</data-source></component>\n',
    ),
    (
        ".dbeaver-data-sources.xml",
        '<data-sources><data-source><connection>\n<property name="x"/>\n<bootstrap user="u" password="⟦hex32⟧"/>\n</connection></data-source></data-sources>\n',
    ),
    ("cloud/.boto", "[Credentials]\ngs_access_key_id = GOOG1234\ngs_secret_access_key = ⟦awskey⟧\n"),
    ("cloud/rootkey.csv", "AWSAccessKeyId=⟦awsid⟧\nAWSSecretKey=⟦awskey⟧\n"),
    ("cloud/clouds.yaml", "clouds:\n  corp:\n    auth:\n      username: x\n      password: ⟦pw⟧\n"),
    (
        "cloud/sa.json",
        '{\n"type": "service_account",\n"private_key_id": "k1",\n"client_email": "x@y.iam.gserviceaccount.com"}\n',
    ),
    (
        "cloud/x.publishsettings",
        '<publishData><publishProfile publishMethod="MSDeploy"\n userName="$x" userPWD="⟦tok64⟧" /></publishData>\n',
    ),
    ("heroku.json", '{"email":"a@b.io",\n"token":"⟦uuid⟧"}\n'),
    ("hub", "github.com:\n  - user: x\n    oauth_token: ⟦gh⟧\n"),
    ("jenkins/secrets/hudson.util.Secret", "⟦hex64⟧\n"),
    ("ansible/vault-password.txt", "⟦pw⟧\n"),
    (
        "ansible/group_vars/all.yml",
        "db_host: x\ndb_root_password: ⟦human⟧\nvaulted_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n",
    ),
    ("ansible/hosts", "[web]\n10.0.0.1 ansible_user=root ansible_ssh_pass=⟦human⟧\n"),
    ("salt/pillar/db.sls", "mysql:\n  root_password: '⟦pw⟧'\n"),
    (".msmtprc", "account x\nhost smtp\nuser u\npassword ⟦tok24⟧\n"),
    (".mutt/work.muttrc", "set smtp_pass='⟦human⟧'\n"),
    ("postfix/sasl_passwd", "[smtp.corp.io]:587 user@corp.io:⟦pw⟧\n"),
    ("net/home.nmconnection", "[wifi-security]\nkey-mgmt=wpa-psk\npsk=⟦human⟧\n"),
    ("ppp/chap-secrets", "client * ⟦human⟧ *\n"),
    ("ldap/slapd.conf", "suffix dc=x\nrootpw ⟦human⟧\n"),
    ("asterisk/sip.conf", "[100]\ntype=friend\nsecret=⟦human⟧\n"),
    ("mc/server.properties", "motd=x\nrcon.password=⟦human⟧\n"),
    ("tomcat-users.xml", '<tomcat-users>\n<user username="a" password="⟦human⟧" roles="manager"/>\n</tomcat-users>\n'),
    (
        ".zsh_history",
        ": 1600000000:0;curl -u admin:⟦tok24⟧ https://x.io/api\n: 1600000001:0;docker login -u x -p ⟦tok24⟧ reg.io\n: 1600000002:0;ls -p /tmp\n",
    ),
    (
        "scripts/deploy.sh",
        '#!/bin/sh\nset -e\nTOKEN="⟦tok40⟧"\ncurl -H "Authorization: Bearer ⟦tok64⟧" https://x.io\nPGPASSWORD=⟦human⟧ psql -h db\nmysql -uroot -p"$PW"\n',
    ),
    ("keys/deploy.pem", "-----BEGIN PRIVATE KEY-----\n⟦pem⟧\n-----END PRIVATE KEY-----\n"),
    ("keys/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n⟦pem⟧\n-----END OPENSSH PRIVATE KEY-----\n"),
    ("keys/sign.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n⟦pem⟧\n-----END PGP PRIVATE KEY BLOCK-----\n"),
    (
        "keys/cert.pem",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----\n",
    ),
    ("keys/jwk.json", '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\n"d":"⟦tok40⟧"}\n'),
    (
        "infra/terraform.tfstate.backup",
        '{"resources":[{"type":"random_password","instances":[{"attributes":{\n"length": 16,\n"result": "⟦pw⟧"}}]}]}\n',
    ),
    (
        "infra/variables.tf",
        'variable "admin_password" {\n  type = string\n  default = "⟦human⟧"\n}\nvariable "region" {\n  default = "eu-west-1"\n}\n',
    ),
    ("infra/secrets.auto.tfvars", 'api_key = "⟦tok40⟧"\nsubnet = "10.0.0.0/8"\n'),
    (".travis.yml", 'env:\n  global:\n    - SONAR_TOKEN=⟦hex32⟧\n    - secure: "AbCd"\n'),
    (
        ".circleci/config.yml",
        "version: 2\njobs:\n  b:\n    environment:\n      DOCKER_PASSWORD: ⟦pw⟧\n      CACHE_KEY: v1-deps\n",
    ),
    (
        "Jenkinsfile",
        "pipeline {\n  environment {\n    NEXUS_PASSWORD = '⟦human⟧'\n    OTHER = credentials('x')\n  }\n}\n",
    ),
    ("azure-pipelines.yml", "variables:\n  sqlPassword: '⟦human⟧'\n  buildConfiguration: 'Release'\n"),
    ("docker/mysql.Dockerfile", "FROM mysql\nENV MYSQL_ROOT_PASSWORD ⟦human⟧\n"),
    (
        "compose.yaml",
        "services:\n  q:\n    environment:\n      RABBITMQ_DEFAULT_PASS: ⟦human⟧\n      RABBITMQ_DEFAULT_USER: admin\n",
    ),
    ("unit/app.service", '[Service]\nEnvironment="APP_SECRET=⟦tok24⟧"\nEnvironment="PORT=80"\n'),
    (
        "cmd/main.go",
        'package main\nconst apiToken = "⟦tok40⟧"\nvar dsn = "root:⟦tok24⟧@tcp(db:3306)/x"\nvar name = os.Getenv("NAME")\n',
    ),
    ("lib/mailer.rb", "Mail.defaults do\n  delivery_method :smtp, :password => '⟦human⟧'\nend\n"),
    (
        "web/index.php",
        "<?php\n$conn = mysqli_connect('localhost', 'root', '⟦human⟧', 'shop');\n$password = $_POST['password'];\n",
    ),
    ("js/salesforce.js", "var c = new jsforce.Connection();\nc.login('ops@corp.io', '⟦tok24⟧', function(e) {});\n"),
    ("src/Config.kt", 'object Config {\n  const val CLIENT_SECRET = "⟦tok40⟧"\n  val user = "x"\n}\n'),
    ("src/conn.cs", 'var cs = "Server=db;Initial Catalog=x;User ID=sa;Password=⟦pw⟧";\nvar t = GetToken();\n'),
    ("src/slack.py", 'notify(token="⟦slack⟧")\nPAGE_TOKEN = "next"\nassert token == "abc"\n'),
    ("settings.ini", "[mail]\nuser = x\npassword = ⟦human⟧\n; old\n"),
    ("notes.txt", "staging login: deploy\npassword: ⟦human⟧\nsee the wiki for the rest\n"),
    (
        "package-lock.json",
        '{"packages": {"x": {\n"integrity": "sha512-abcdEFGH1234abcdEFGH1234abcdEFGH1234abcdEFGH1234abcdEFGH1234abcdEFGH1234abcdEFGH12=="}}}\n',
    ),
    ("README.md", 'Set `API_KEY=your-api-key` and run.\n\n    password = "hunter2"\n'),
    ("config.sample.yml", "password: changeme\ntoken: xxxxxxxx\nsecret: ${SECRET}\n"),
]
