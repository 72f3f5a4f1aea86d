"""Files of Ruby, PHP and .NET."""

from tests.support.manifests import Sample

SHA = "ab" * 32
SHA512 = "q" * 85 + "w=="
LOCAL = "a local package, not from a registry"
NO_VERSION = "a dependency whose version no file of the tree says"
DIRECT_ONLY = "a project file names direct dependencies only: what they need is not known"

GEMS = f"""\
GIT
  remote: https://git.example/forked.git
  revision: abc
  specs:
    forked (0.1.0)

PATH
  remote: .
  specs:
    own (1.0.0)
      web (>= 1)

GEM
  remote: https://gems.example/
  specs:
    core (2.0.0-x86_64-linux)
    core (2.0.0)
    web (1.0.0)
      core (~> 2.0)

PLATFORMS
  ruby

DEPENDENCIES
  forked!
  own!
  web (~> 1.0)

CHECKSUMS
  core (2.0.0) sha256={SHA}
  core (2.0.0-x86_64-linux) sha256={SHA[::-1]}

BUNDLED WITH
   2.5.0
"""

PROJECT = """\
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><CoreVersion>2.0.0</CoreVersion></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Web" Version="1.0.0" />
    <PackageReference Include="Core"><Version>$(CoreVersion)</Version></PackageReference>
    <PackageReference Include="Central" />
    <PackageReference Include="Checks" Version="[3.0.0]" PrivateAssets="all" />
    <PackageReference Include="Floating" Version="1.*" />
    <PackageReference Include="Unsaid" />
    <PackageReference Include="Unset" Version="$(Nowhere)" />
    <ProjectReference Include="../own/own.csproj" />
  </ItemGroup>
</Project>
"""
PROPS = '<Project><ItemGroup><PackageVersion Include="central" Version="4.0.0"/></ItemGroup></Project>'

SAMPLES = [
    Sample(
        "gemfile-lock",
        "Gemfile.lock",
        GEMS,
        finds=("forked 0.1.0 - direct", "core 2.0.0 - indirect", "web 1.0.0 - direct"),
        harmless=(LOCAL,),
    ),
    Sample(
        "gemspec",
        "usr/lib/ruby/gems/3.1.0/specifications/web-1.0.0.gemspec",
        "# -*- encoding: utf-8 -*-\n# stub: web 1.0.0 ruby lib\n\nGem::Specification.new do |s|\n"
        '  s.name = "web".freeze\n  s.version = "1.0.0"\n  s.licenses = ["MIT".freeze, "Ruby".freeze]\nend\n',
        finds=("web 1.0.0 - -",),
    ),
    Sample(
        "gemspec",
        "own.gemspec",
        "Gem::Specification.new do |s|\n  s.add_dependency 'web'\nend\n",
        gaps=("a gemspec is a program: what it requires is not known",),
    ),
    Sample(
        "composer",
        "composer.lock",
        '{"packages": [\n {\n  "name": "acme/web",\n  "version": "v1.0.0",\n'
        '  "require": {"php": "^8", "acme/core": "^2"},\n'
        '  "license": ["MIT", "GPL-2.0-only"]},\n {\n  "name": "acme/core",\n  "version": "2.0.0"},\n {\n'
        '  "name": "acme/edge",\n  "version": "dev-main"},\n {"name": "acme/own", "version": "1", '
        '"dist": {"type": "path"}}],\n"packages-dev": [\n {\n  "name": "acme/checks",\n  "version": "3.0.0"}]}',
        finds=("acme/web v1.0.0 runtime direct", "acme/core 2.0.0 runtime indirect", "acme/checks 3.0.0 dev direct"),
        gaps=("a branch in place of a version",),
        harmless=(LOCAL,),
        beside={
            "composer.json": '{"require": {"Acme/Web": "^1", "php": "^8"}, "require-dev": {"acme/checks": "^3"}}',
            "some/folder/composer.json": "{}",
        },
    ),
    Sample(
        "composer",
        "vendor/composer/installed.json",
        '{"packages": [\n {\n  "name": "acme/web",\n  "version": "1.0.0"},\n {\n  "name": "acme/checks",\n'
        '  "version": "3"}],\n'
        '"dev-package-names": ["acme/checks"]}',
        finds=("acme/web 1.0.0 runtime direct", "acme/checks 3 dev direct"),
    ),
    Sample(
        "nuget-lock",
        "packages.lock.json",
        '{"version": 1, "dependencies": {"net8.0": {\n "Web": {"type": "Direct", "resolved": "1.0.0", "dependencies": '
        '{"core": "2.0.0"}},\n "Core": {"type": "Transitive", "resolved": "2.0.0"},\n "own": {"type": "Project"}}}}',
        finds=("Web 1.0.0 - direct", "Core 2.0.0 - indirect"),
        harmless=(LOCAL,),
    ),
    Sample(
        "nuget-assets",
        "obj/project.assets.json",
        '{"version": 3, "targets": {"net8.0": {\n'
        ' "Web/1.0.0": {"type": "package", "dependencies": {"Core": "2.0.0"}},\n'
        ' "Core/2.0.0": {"type": "package"},\n "own/1.0.0": {"type": "project"}}},\n"libraries": {\n'
        f' "Web/1.0.0": {{"sha512": "{SHA512}", "type": "package"}}}},\n'
        '"project": {"frameworks": {"net8.0": {"dependencies": {"Web": {"target": "Package"}}}}}}',
        finds=("Web 1.0.0 runtime direct", "Core 2.0.0 runtime indirect"),
        harmless=(LOCAL,),
    ),
    Sample(
        "nuget-assets",
        "app/shop.deps.json",
        '{"targets": {".NETCoreApp,Version=v8.0": {\n "shop/1.0.0": {"dependencies": {"Web": "1.0.0"}},\n'
        ' "Web/1.0.0": {"dependencies": {"Core": "2.0.0"}},\n "Core/2.0.0": {}}},\n"libraries": {\n'
        ' "shop/1.0.0": {"type": "project"},\n "Web/1.0.0": {"type": "package"}}}',
        finds=("Web 1.0.0 runtime direct", "Core 2.0.0 runtime indirect"),
        harmless=(LOCAL,),
    ),
    Sample(
        "msbuild",
        "src/shop.csproj",
        PROJECT,
        finds=(
            "Web 1.0.0 runtime direct",
            "Core 2.0.0 runtime direct",
            "Central 4.0.0 runtime direct",
            "Checks 3.0.0 dev direct",
        ),
        gaps=(
            DIRECT_ONLY,
            NO_VERSION,
            "a dependency without an exact version",
            "a property that no file of the tree sets",
        ),
        harmless=(LOCAL,),
        beside={"Directory.Packages.props": PROPS},
    ),
    Sample(
        "msbuild",
        "locked/shop.fsproj",
        '<Project><ItemGroup><PackageReference Include="Web" Version="1.0.0"/></ItemGroup></Project>',
        harmless=("declared here; a lock file says the version",),
        beside={"locked/packages.lock.json": "{}"},
    ),
    Sample(
        "msbuild",
        "old/packages.config",
        '<?xml version="1.0"?>\n<packages>\n  <package id="Web" version="1.0.0" targetFramework="net48" />\n'
        '  <package id="Checks" version="3.0.0" developmentDependency="true" />\n</packages>\n',
        finds=("Web 1.0.0 runtime -", "Checks 3.0.0 dev -"),
    ),
]
