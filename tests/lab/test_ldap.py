# The directory server, by a client that we did not write: OpenLDAP's ldapsearch.
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab.ldap import data, healthy, hostile  # noqa: E402 - found by the path above
from lab.ldap.server import PASSWORD, USER, LdapLab  # noqa: E402 - found by the path above

RESULTS = {  # ldapsearch ends with the result; 255 and 1 without one
    "no-such-object": 32, "time-limit": 3, "size-limit": 4, "size-limit-late": 4, "admin-limit": 11, "busy": 51,
    "unavailable": 52, "unwilling": 53, "denied": 50, "critical-extension": 12, "odd-result": 77, "forgets-the-bind": 1,
    "referral": 10, "long-text": 53, "bind-stronger": 8, "bind-confidential": 13, "bind-busy": 51, "bind-referral": 10,
    "bind-unwilling": 53, "bind-bare": 49, "bind-channel": 49, "notice": 52, "lying-lengths": 1}
DESCRIPTORS = ("-E", "!1.2.840.113556.1.4.801=::MAMCAQU=")
QUIET = {row.name for row in hostile.ROWS if row.findings(hostile.ACCOUNT) == hostile.TIMEOUT} | {"other-kind"}


def search(lab, *words, plain=False, limit=20, password=PASSWORD, output=None):
    scheme = "ldap" if plain else "ldaps"
    command = ["ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x", "-D", USER, "-w", password, "-H",
               f"{scheme}://127.0.0.1:{lab.port}", *words]
    environment = {**os.environ, "LDAPTLS_CACERT": lab.ca_file}
    return subprocess.run(command, env=environment, stdout=output or subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", timeout=limit, check=False)


def test_account_and_groups():
    with LdapLab() as lab:
        done = search(lab, "-E", "pr=100/noprompt", "-b", healthy.DOMAIN, "(&(objectClass=user)(sAMAccountName=SVC-ndes))",
                      "userAccountControl", "tokenGroups")
        assert done.returncode == 0, done
        assert f"dn: {healthy.ACCOUNT}" in done.stdout and "userAccountControl: 512" in done.stdout, done
        assert done.stdout.count("tokenGroups:: ") == 4, done
        chain = search(lab, "-b", healthy.DOMAIN, f"(member:1.2.840.113556.1.4.1941:={healthy.ACCOUNT})", "cn")
        assert "cn: ndes-inner" in chain.stdout and "cn: ndes-outer" in chain.stdout, chain
        assert lab.counters()["connections"] == lab.counters()["bind"] == lab.counters()["search"] == 2


def test_descriptor_only_if_asked_for():
    with LdapLab() as lab:
        usual = search(lab, "-b", healthy.TEMPLATE, "-s", "base")
        assert "displayName: NDES device" in usual.stdout and "nTSecurityDescriptor" not in usual.stdout, usual
        words = ("-b", healthy.TEMPLATE, "-s", "base", "nTSecurityDescriptor")
        assert "nTSecurityDescriptor" not in search(lab, *words).stdout, "without the control it is for backup operators"
        asked = search(lab, *DESCRIPTORS, *words)
        value = base64.b64decode(asked.stdout.partition("nTSecurityDescriptor:: ")[2].split()[0])
        assert value == healthy.template_rights(healthy.enroll())


def test_descriptor_is_one_for_samba():
    """What we pack is what another reader of descriptors understands."""
    security = pytest.importorskip("samba.dcerpc.security")
    from samba.ndr import ndr_unpack
    text = ndr_unpack(security.descriptor, healthy.template_rights(healthy.enroll())).as_sddl()
    assert text == (f"O:{healthy.FOREST}-519D:PAI(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;{healthy.ADMINS})(A;;RPLCLORC;;;AU)"
                    f"(OA;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{healthy.SERVICE_SID})"), text


def test_start_tls_and_plain():
    with LdapLab(tls=None) as lab:
        assert search(lab, "-ZZ", "-b", healthy.ACCOUNT, plain=True).returncode == 0
        assert search(lab, "-b", healthy.ACCOUNT, plain=True).returncode == 8
        counters = lab.counters()
        assert counters["handshakes"] == counters["extended"] == 1 and counters["connections"] == 2


def test_wrong_password_and_wrong_base():
    with LdapLab() as lab:
        wrong = search(lab, password="wrong")
        assert wrong.returncode == 49 and "data 52e" in wrong.stderr, wrong
        assert search(lab, "-b", "DC=elsewhere").returncode == 32


@pytest.mark.parametrize("row", hostile.ROWS, ids=lambda row: row.name)
def test_hostile(row):
    """Each does to ldapsearch what its name says, and ends with the client."""
    with hostile.HostileLdap(row.name) as lab:
        words = ("-s", "base", "-b", "") if row.at == "root" else ("-b", healthy.ACCOUNT, "tokenGroups")
        if row.name in QUIET:
            with pytest.raises(subprocess.TimeoutExpired):
                search(lab, *words, limit=0.5)
        elif row.name.startswith(("endless", "root-endless", "full-pages")):
            with pytest.raises(subprocess.TimeoutExpired):
                search(lab, *words, *(("-E", "pr=10/noprompt") if "pages" in row.name else ()), limit=1,
                       output=subprocess.DEVNULL)
        elif row.name in RESULTS:
            assert search(lab, *words).returncode == RESULTS[row.name]
        elif row.name.startswith("bind-") and row.expected in (hostile.LOGON, hostile.LOCKED):
            done = search(lab, *words)
            assert done.returncode == 49 and f"data {row.name[5:]}," in done.stderr, done
        elif row.expected in (hostile.BROKEN, hostile.TLS) and row.name not in ("deep", "odd-control") and row.expected:
            assert search(lab, *words, limit=20).returncode not in range(254), "a result came"
        else:
            try:
                search(lab, *words, limit=2)
            except subprocess.TimeoutExpired:
                assert row.expected == hostile.TOO_MUCH


@pytest.mark.parametrize("row", data.ROWS, ids=lambda row: row.name)
def test_data(row):
    """The changed entries are still LDAP."""
    directory = healthy.healthy()
    row.change(directory)
    with LdapLab(directory) as lab:
        done = search(lab, *DESCRIPTORS, "-b", healthy.DOMAIN, "(objectClass=*)", "*", "nTSecurityDescriptor", "tokenGroups")
        assert done.returncode == 0 and done.stdout.count("dn: ") + done.stdout.count("dn:: ") == len(directory.entries), done
