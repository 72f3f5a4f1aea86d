"""Configuration of mail programs, networks and servers: line formats with a password field each."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator
from typing import NamedTuple

from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.model import Candidate


class _Format(NamedTuple):
    names: re.Pattern[str]
    value: re.Pattern[str]
    spec: Spec


_MAIL = Spec("programs", "mail-client", "a mail program's configuration keeps an account's password here")
_NETWORK = Spec("programs", "network-credentials", "a network configuration keeps it in its secret field")
_SERVER = Spec("programs", "server-config", "a server's configuration keeps it in its password field")
_Q = r"[\"']?([^\s\"'#;][^\r\n\"']{2,255}?)[\"']?[ \t]*(?:[;,].*)?$"

_FORMATS = (
    _Format(
        re.compile(r"^(?:\.?muttrc[\w.-]*|\.?neomuttrc|accounts?\.muttrc|[\w.-]+\.muttrc)$"),
        re.compile(rf"(?mi)^[ \t]*set[ \t]+(?:my_)?\w*pass(?:word)?\w*[ \t]*=[ \t]*{_Q}"),
        _MAIL,
    ),
    _Format(
        re.compile(
            r"^(?:\.?msmtprc|\.?esmtprc|\.?ssmtp\.conf|\.?fetchmailrc|\.?getmailrc|\.?mbsyncrc|\.?offlineimaprc|\.?mailrc|revaliases|\.?nullmailer|\.?isyncrc|\.?mpoprc)$"
        ),
        re.compile(
            rf"(?mi)^(?![ \t]*#).{{0,256}}?\b(?:remote|local)?(?:auth)?pass(?:word)?(?![\w-]*(?:cmd|eval|command))[ \t]*(?:=|[ \t])[ \t]*{_Q}"
        ),
        _MAIL,
    ),
    _Format(
        re.compile(r"^(?:sasl_passwd(?:\.\w+)?|exim4?-?passwd\.client|passwd\.client|smtp_?auth)$"),
        re.compile(r"(?m)^[^\s#]\S{0,255}[ \t:][^\s:]{1,128}:(\S{3,256})[ \t]*$"),
        _MAIL,
    ),
    _Format(
        re.compile(
            r"^(?:wpa_supplicant[\w.-]*\.conf|wpa[\w.-]*\.conf|hostapd[\w.-]*\.conf|interfaces|[\w .-]+\.nmconnection|[\w .-]+\.psk|iwd[\w.-]*|wifi[\w.-]*\.(?:conf|ya?ml|nmconnection))$"
        ),
        re.compile(
            rf"(?mi)^[ \t]*(?:wpa[-_])?(?:psk|passphrase|password|wep[-_]key\d?|private_key_passwd|wpa_passphrase|presharedkey|sae_password)[ \t]*[=: \t][ \t]*{_Q}"
        ),
        _NETWORK,
    ),
    _Format(
        re.compile(r"^(?:wg[\w-]*\.conf|wireguard[\w.-]*\.conf|[\w.-]+\.netdev)$"),
        re.compile(r"(?mi)^[ \t]*(?:PrivateKey|PresharedKey)[ \t]*=[ \t]*([A-Za-z0-9+/]{42,43}=)[ \t]*$"),
        _NETWORK,
    ),
    _Format(
        re.compile(
            r"^(?:(?:pap|chap|srp)-secrets|[\w.-]*ipsec[\w.-]*\.secrets|\.?secrets|clients\.conf|l2tp-secrets|xl2tpd-secrets)$"
        ),
        re.compile(
            r"(?mi)^(?![ \t]*#)(?:.{0,200}?:[ \t]*(?:PSK|XAUTH|EAP)[ \t]+[\"']?([^\s\"']{3,256})|[ \t]*secret[ \t]*=[ \t]*[\"']?([^\s\"']{3,256})|[ \t]*\"?[^\s\"]{1,100}\"?[ \t]+\"?[^\s\"]{1,100}\"?[ \t]+\"?([^\s\"]{3,128})\"?(?:[ \t]+\S{1,64})*[ \t]*$)"
        ),
        _NETWORK,
    ),
    _Format(
        re.compile(r"^[\w.-]+\.(?:ovpn|openvpn)$"),
        re.compile(r"(?is)<(?:auth-user-pass)>\s*\S+\s+(\S{3,128})\s*</"),
        _NETWORK,
    ),
    _Format(
        re.compile(r"^[\w.-]+\.(?:ovpn|openvpn|key|conf)$"),
        re.compile(r"(?s)-----BEGIN OpenVPN Static key V1-----\s*([0-9a-fA-F\s]{256,1200})-----END"),
        _NETWORK._replace(type="private-key"),
    ),
    _Format(
        re.compile(
            r"^(?:ldap(?:-account-manager)?[\w.-]*\.conf|slapd\.conf|nslcd\.conf|pam_ldap\.conf|sssd\.conf|ldap\.secret|ldaprc|\.ldaprc|nss_ldap\.conf)$"
        ),
        re.compile(rf"(?mi)^[ \t]*(?:bindpw|rootpw|rootbindpw|ldap_default_authtok|passwd)[ \t]*[= \t][ \t]*{_Q}"),
        _NETWORK,
    ),
    _Format(
        re.compile(
            r"^(?:ventrilo_srv\.ini|murmur\.ini|mumble-server\.ini|server\.cfg|server\.properties|unrealircd\.conf|inspircd\.conf|ircd\.conf|ts3server\.ini|serverconfig\.\w+|proftpd\.conf|sip\.conf|manager\.conf|voicemail\.conf|icecast\.xml|shoutcast\.conf|sc_serv\.conf|squid\.conf|snmpd\.conf|zabbix_\w+\.conf|grafana\.ini|rabbitmq\.conf|elasticsearch\.yml|uwsgi\.ini|supervisord\.conf|mongod\.conf|irssi|\.?irssi/config|\.weechat/irc\.conf|centericq|influxdb\.conf|tomcat-users\.xml|jmxremote\.password|standalone\.xml|mgmt-users\.properties|application-users\.properties|krb5\.conf|stash\.conf|salt/minion|salt/master|master|minion)$"
        ),
        re.compile(
            r"(?mi)^(?![ \t]*[#;])[^\r\n]{0,200}?\b(?:rcon[._]?password|\w*pass(?:word|wd|phrase)?|adminpassword|secret|admin-password|source-password|relay-password|monitorrole|controlrole|auth_?key|cachemgr_passwd|rocommunity|rwcommunity|SQLAuth\w*|SQLConnectInfo[ \t]+\S+[ \t]+\S+)\b[\"']?[ \t]*(?:[=:>]|[ \t])[ \t]*[\"']?([^\s\"'<>#;,]{3,128})"
        ),
        _SERVER,
    ),
    _Format(
        re.compile(r"^(?:sitemap|identity\.xml|accounts\.xml|\.purple|gmail\.conf|\.irssi)$"),
        re.compile(r"<password>([^<\s]{3,128})</password>"),
        _MAIL,
    ),
)

_ANY = re.compile("|".join(f"(?:{form.names.pattern})" for form in _FORMATS))


class Programs:
    """One entry of a table per format: file names, where the value stands, what it is."""

    name = "programs"

    def selects(self, path: str) -> bool:
        return bool(_ANY.match(basename(path)))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        for form in _FORMATS:
            if not form.names.match(name):
                continue
            for match in form.value.finditer(text):
                group = next((i for i, value in enumerate(match.groups(), 1) if value), 0)
                if group:
                    yield candidate(form.spec, text, match.start(group), match.end(group), "password")


DETECTOR = Programs()
