"""Files of Maven and Gradle, and archives."""

import io
import zipfile

from tests.support.manifests import Sample

NO_VERSION = "a dependency whose version no file of the tree says"
DIRECT_ONLY = "a pom.xml names direct dependencies only: what they need is not known"
NOT_RUN = "a build script is a program and was not run"


def archive(files: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A zip archive in memory, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as writer:
        for name, content in files.items():
            writer.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def properties(group: str, artifact: str, version: str) -> dict[str, bytes]:
    """The file that Maven puts into what it builds."""
    text = f"#Generated\ngroupId={group}\nartifactId={artifact}\nversion={version}\n"
    return {f"META-INF/maven/{group}/{artifact}/pom.properties": text.encode()}


LIBRARY = archive(properties("org.example", "core", "2.0"))
NAMED = archive(
    {
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\nImplementation-Vendor-Id: org.old\r\n"
        b"Implementation-Version: 1.\r\n"
        b" 5\r\nBundle-License: Apache-2.0; link=x\r\n"
    }
)
WAR = archive(
    {
        **properties("org.example", "shop", "1.0"),
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n",
        "WEB-INF/lib/core-2.0.jar": LIBRARY,
        "WEB-INF/lib/old-1.5.jar": NAMED,
        "WEB-INF/lib/nobody-3.jar": archive({"a.class": b"x"}),
        "WEB-INF/lib/broken.jar": b"not an archive",
        "WEB-INF/classes/a.class": b"\xca\xfe\xba\xbe",
    }
)

PARENT = """\
<project>
  <groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version>
  <properties><core.version>2.0</core.version><web.version>0</web.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.example</groupId><artifactId>core</artifactId><version>${core.version}</version></dependency>
    <dependency><groupId>org.example</groupId><artifactId>checks</artifactId><version>3</version>
      <scope>test</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.example</groupId><artifactId>logging</artifactId><version>1.1</version></dependency>
  </dependencies>
</project>
"""
POM = """\
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.example</groupId>
    <artifactId>parent</artifactId>
    <version>7</version>
  </parent>
  <artifactId>shop</artifactId>
  <properties><web.version>1.${minor}</web.version><minor>4</minor></properties>
  <dependencies>
    <dependency>
      <groupId>${project.groupId}</groupId>
      <artifactId>web</artifactId>
      <version>${web.version}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.example</groupId><artifactId>core</artifactId></dependency>
    <dependency><groupId>org.example</groupId><artifactId>checks</artifactId></dependency>
    <dependency><groupId>org.example</groupId><artifactId>api</artifactId><version>[1.0]</version>
      <scope>provided</scope></dependency>
    <dependency><groupId>org.example</groupId><artifactId>extra</artifactId><version>1</version>
      <optional>true</optional></dependency>
    <dependency><groupId>org.example</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>
    <dependency><groupId>org.example</groupId><artifactId>unset</artifactId><version>${unset}</version></dependency>
    <dependency><groupId>org.example</groupId><artifactId>unsaid</artifactId></dependency>
    <dependency><groupId>org.example</groupId><artifactId>own</artifactId><version>1</version>
      <scope>system</scope><systemPath>/x.jar</systemPath></dependency>
  </dependencies>
  <profiles><profile><id>p</id><dependencies>
    <dependency><groupId>org.example</groupId><artifactId>profiled</artifactId><version>1</version></dependency>
  </dependencies></profile></profiles>
</project>
"""

SAMPLES = [
    Sample(
        "maven",
        "shop/pom.xml",
        POM,
        finds=(
            "org.example:web 1.4 runtime direct",
            "org.example:core 2.0 runtime direct",
            "org.example:checks 3 test direct",
            "org.example:api 1.0 optional direct",
            "org.example:extra 1 optional direct",
            "org.example:profiled 1 runtime direct",
            "org.example:logging 1.1 runtime direct",
        ),
        gaps=(
            "a dependency without an exact version",
            "a property that no file of the tree sets",
            NO_VERSION,
            DIRECT_ONLY,
        ),
        harmless=(
            "a local package, not from a registry",
            "in a profile only: judged whether it is active or not",
            "with exclusions, which concern what is not read here",
        ),
        beside={"pom.xml": PARENT, "some/folder/pom.xml": PARENT},
    ),
    Sample(
        "maven",
        "pom.xml",
        "<project><parent><groupId>g</groupId><artifactId>far</artifactId><version>1</version><relativePath/></parent>\n"
        "<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>bom</artifactId>"
        "<version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>\n"
        "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></project>",
        gaps=("a parent or BOM that is not in the tree: what it adds is not known", NO_VERSION),
    ),
    Sample(
        "gradle-lock",
        "gradle.lockfile",
        "# This is a Gradle generated file for dependency locking.\norg.example:core:2.0=compileClasspath,"
        "testRuntimeClasspath\norg.example:checks:3=testCompileClasspath\norg.example:gen:1=annotationProcessor\n"
        "what is this\nempty=kotlinCompilerPluginClasspath\n",
        finds=("org.example:core 2.0 runtime -", "org.example:checks 3 test -", "org.example:gen 1 dev -"),
        gaps=("a line without group, name and version",),
    ),
    Sample(
        "gradle-lock",
        "buildscript-gradle.lockfile",
        "org.example:plugin:1=classpath\n",
        finds=("org.example:plugin 1 dev -",),
    ),
    Sample(
        "gradle-lock",
        "gradle/dependency-locks/testCompileClasspath.lockfile",
        "org.example:checks:3\n",
        finds=("org.example:checks 3 test -",),
    ),
    Sample(
        "gradle-catalog",
        "gradle/libs.versions.toml",
        '[versions]\ncore = "2.0"\nstrict = { strictly = "1.5" }\nloose = "1.+"\n\n[libraries]\n'
        'core = { module = "org.example:core", version.ref = "core" }\n'
        'strict = { group = "org.example", name = "strict", version.ref = "strict" }\nshort = "org.example:short:1.0"\n'
        'loose = { module = "org.example:loose", version.ref = "loose" }\nbom = { module = "org.example:bom" }\n\n'
        '[plugins]\nshade = { id = "org.example.shade", version = "8.1" }\n',
        finds=(
            "org.example:core 2.0 - -",
            "org.example:strict 1.5 - -",
            "org.example:short 1.0 - -",
            "org.example.shade:org.example.shade.gradle.plugin 8.1 dev -",
        ),
        gaps=("a dependency without an exact version", NO_VERSION),
    ),
    Sample(
        "gradle-build",
        "build.gradle",
        "plugins {\n    id 'org.example.boot' version '3.2.0'\n}\ndependencies {\n"
        "    implementation 'org.example:core:2.0'\n"
        "    // implementation 'org.example:gone:1'\n"
        "    testImplementation group: 'org.example', name: 'checks', version: '3'\n"
        "    implementation \"org.example:var:$v\"\n    implementation 'org.example:managed'\n"
        "    annotationProcessor 'org.example:gen:1'\n    compileOnly('org.example:api:1.0@jar')\n}\n",
        finds=(
            "org.example.boot:org.example.boot.gradle.plugin 3.2.0 dev direct",
            "org.example:core 2.0 runtime direct",
            "org.example:checks 3 test direct",
            "org.example:gen 1 dev direct",
            "org.example:api 1.0 optional direct",
        ),
        gaps=(NOT_RUN, "a dependency without an exact version", NO_VERSION),
    ),
    Sample(
        "gradle-build",
        "app/build.gradle.kts",
        'dependencies {\n    implementation("org.example:core:2.0")\n}\n',
        harmless=(NOT_RUN,),
        beside={"app/gradle.lockfile": "", "some/folder/app/gradle.lockfile": ""},
    ),
    Sample(
        "jar",
        "target/shop-1.0.war",
        WAR,
        finds=("org.example:shop 1.0 runtime -", "org.example:core 2.0 runtime -", "org.old:old 1.5 runtime -"),
        gaps=("an archive that does not say its Maven coordinates", "an archive inside that cannot be read"),
    ),
]
