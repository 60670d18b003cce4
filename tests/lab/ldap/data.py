# Directories whose server is honest and whose entries are not.
# SPDX-License-Identifier: GPL-3.0-or-later
"""ROWS is the table: row.change(directory), row.findings(plugin), row.verdict(plugin, findings)"""
import dataclasses
from collections.abc import Callable

from ..scenario import compare, critical, unknown, warning
from . import rights
from .healthy import ACCOUNT as ACCOUNT_DN
from .healthy import ADMINS, AUTHORITY, DOMAIN, FOREST, GMSA, HOST, HOST_SID, INNER_SID, NEVER, QUESTIONS, SERVICES
from .healthy import TEMPLATE as TEMPLATE_DN
from .healthy import Entry, account, enroll, filetime, partition, retrieve, template_rights, text
from .hostile import ACCOUNT, TEMPLATE

HIDDEN, DESCRIPTOR = (unknown("ndes-ldap-hidden"),), (unknown("ndes-ldap-descriptor"),)
MISSING, REFERRAL = (critical("ndes-acct-missing"),), (unknown("ndes-ldap-referral"),)
NOENROLL = (critical("ndes-tmpl-noenroll"),)
LONG = 200 * "L"
ODD = (b"NDES | Device\n[ndes-fake] \x1b[31m", b"a\0b", b"\xff\xfe\xfa", b"", LONG.encode())


@dataclasses.dataclass(frozen=True)
class Data:
    """template, account: what the plugins must report; None: this plugin is not run."""
    name: str
    about: str
    change: Callable
    template: tuple | None = ()
    account: tuple | None = ()
    words: tuple | None = None    # in place of the usual ones

    def findings(self, plugin):
        return {TEMPLATE: self.template, ACCOUNT: self.account}[plugin]

    def verdict(self, plugin, findings):
        return compare(self.findings(plugin), findings)


def put(dn, **values):
    """Sets attributes (None takes one away); `_` stands for `-` in the names."""
    def change(directory):
        attributes = directory.find(dn).attributes
        for name, value in values.items():
            name = name.replace("_", "-")
            attributes.pop(name, None)
            if value is not None:
                attributes[name] = value
    return change


def _template(name, about, expected, **values):
    return Data(name, about, put(TEMPLATE_DN, **values), template=expected, account=None)


def _account(name, about, expected, template=None, **values):
    return Data(name, about, put(ACCOUNT_DN, **values), template=template, account=expected)


def _descriptor(name, about, expected, value):
    return _template(name, about, expected, nTSecurityDescriptor=[value])


def _managed(name, about, expected, value):
    """A gMSA whose list of who may fetch its password is this."""
    return Data(name, about, put(GMSA, msDS_GroupMSAMembership=value), None, expected,
                ("--account", "LAB\\gmsa-ndes$", "--ndes-host", "NDES01"))


def _home(name, about, expected, written, change=lambda directory: None, host=None):
    """An account of this name, which the domain may not have."""
    return Data(name, about, change, None, expected, ("--account", written, *(("--ndes-host", host) if host else ())))


def _template_home(name, about, expected, written, change=lambda directory: None):
    """The same, of the account that must be allowed to enrol."""
    return Data(name, about, change, expected, None,
                ("--template", "NDESDevice", "--ca", "LAB Issuing CA", "--account", written))


def _child(directory):
    """The forest has another domain."""
    other = partition("CHILD", f"DC=child,{DOMAIN}", "child.lab.test")
    directory.entries[other.dn.lower()] = other


def _stand_in(directory):
    """A trusted domain's account, as it is known here."""
    dn = f"CN=S-1-5-21-1-2-3-1105,CN=ForeignSecurityPrincipals,{DOMAIN}"
    directory.entries[dn.lower()] = Entry(dn, {
        "objectClass": text("top", "foreignSecurityPrincipal"), "objectSid": [rights.sid("S-1-5-21-1-2-3-1105")]})


def _managed_admin(directory):
    """A gMSA that is a domain admin through other groups."""
    put(GMSA, tokenGroups=[rights.sid(ADMINS)])(directory)


def _unnamed_admin(directory):
    """The same; the server does not tell DOMAIN\\name, so that it costs a search to look it up, and none is left."""
    put(GMSA, msDS_PrincipalName=None)(directory)
    _managed_admin(directory)


def _twice(directory):
    """Two accounts of one name."""
    other = account()
    other.dn = f"CN=svc-ndes,OU=Other,{DOMAIN}"
    directory.entries[other.dn.lower()] = other


class Ranged(Entry):
    """Shows groups in parts, as a server does with thousands."""

    def shown(self, wanted, descriptors=False):
        shown = super().shown(wanted, descriptors)
        if "tokenGroups" in shown:
            shown["tokenGroups;range=0-1499"] = shown.pop("tokenGroups")
        return shown


def _ranged(directory):
    whole = directory.find(ACCOUNT_DN)
    directory.entries[ACCOUNT_DN.lower()] = Ranged(whole.dn, whole.attributes, whole.operational)


def _group_enrolls(directory):
    directory.find(TEMPLATE_DN).attributes["nTSecurityDescriptor"] = [template_rights(enroll(INNER_SID))]


def _tokenless(directory):
    del directory.find(ACCOUNT_DN).attributes["tokenGroups"]


def _tokenless_group(directory):
    """The right comes through a group that only the chain of members tells of."""
    _group_enrolls(directory)
    _tokenless(directory)


def _tokenless_stranger(directory):
    """The same, and no group that can be seen has the right: nobody can say."""
    directory.find(TEMPLATE_DN).attributes["nTSecurityDescriptor"] = [template_rights(enroll(f"{FOREST}-9999"))]
    _tokenless(directory)


def _many_groups(directory):
    directory.find(ACCOUNT_DN).attributes["tokenGroups"] += [rights.sid(f"{FOREST}-{one}") for one in range(5000, 6400)]


def _odd_names(directory):
    put(TEMPLATE_DN, displayName=[ODD[0], ODD[2]])(directory)
    put(AUTHORITY, dNSHostName=[ODD[0]], certificateTemplates=[*ODD, b"NDESDevice"])(directory)
    put(ACCOUNT_DN, description=list(ODD), servicePrincipalName=[ODD[0], ODD[2]])(directory)
    put(ACCOUNT_DN, displayName=[ODD[2]])(directory)


WHO = rights.sid(f"{FOREST}-1103")
CALLBACK = rights.ace(rights.CALLBACK, rights.CONTROL, WHO + b"artx\x00\x00\x00\x00")
GOOD = template_rights(enroll())
EXTENDED_KEY_USAGE = "18976af6-3b9e-11d2-90cc-00c04fd91ab1"     # its schemaIDGUID
ONE_ATTRIBUTE = rights.ace(rights.DENY_OBJECT, rights.READ, f"{FOREST}-9999", EXTENDED_KEY_USAGE)
NTAUTH = f"CN=NTAuthCertificates,{SERVICES}"
ASK_NTAUTH = (*QUESTIONS[TEMPLATE], "--require-ntauth")

ROWS = (
    Data("healthy", "nothing is wrong", lambda directory: None),
    Data("many-groups", "1400 groups", _many_groups),
    Data("odd-names", "names with bars, line ends, NUL, and no UTF-8", _odd_names),
    Data("tokengroups-ranged", "groups that come in parts, of which only the first is asked for", _ranged, account=HIDDEN),
    Data("tokengroups-hidden", "groups by the chain of members, which may lack some", _tokenless, account=HIDDEN),
    Data("tokengroups-hidden-group", "the right by a group of that chain", _tokenless_group, account=None),
    Data("tokengroups-hidden-stranger", "the right by a group that nobody sees", _tokenless_stranger, HIDDEN, None),
    Data("tokengroups-broken", "groups that are no SIDs",
         put(ACCOUNT_DN, tokenGroups=[b"", b"\x01", b"\x01\xff\0\0\0\0\0\5", rights.sid(INNER_SID)]),
         account=HIDDEN),
    Data("account-twice", "two accounts of the name", _twice, (unknown("ndes-acct-ambiguous"),),
         (unknown("ndes-acct-ambiguous"),)),
    # whose it is
    _home("home-sid", "a SID of another domain", REFERRAL, "S-1-5-21-1-2-3-1105"),
    _home("home-sid-stand-in", "the same, and something stands in for it", REFERRAL, "S-1-5-21-1-2-3-1105", _stand_in),
    _home("home-sid-missing", "a SID of this domain that nobody has", MISSING, f"{FOREST}-7777"),
    _home("home-sid-unclear", "the domain does not show its SID", REFERRAL, f"{FOREST}-7777", put(DOMAIN, objectSid=None)),
    _home("home-principal", "a principal name of another domain", REFERRAL, "svc-ndes@child.lab.test"),
    _home("home-principal-missing", "a principal name that nobody has", MISSING, "nobody@lab.test"),
    _home("home-domain", "another domain of the forest", REFERRAL, "CHILD\\svc-ndes", _child),
    _home("home-domain-dns", "the same by its DNS name", REFERRAL, "child.lab.test\\svc-ndes", _child),
    _home("home-domain-missing", "no such domain", (unknown("ndes-acct-missing"),), "CHILD\\svc-ndes"),
    _home("home-domain-untold", "the server does not tell DOMAIN\\name", (), "LAB\\svc-ndes",
          put(ACCOUNT_DN, msDS_PrincipalName=None)),
    _home("home-dn", "a DN of another domain", REFERRAL, f"CN=svc-ndes,OU=NDES,DC=child,{DOMAIN}"),
    _home("host-of-same-name", "the computer has another DNS name than --ndes-host", (unknown("ndes-acct-missing"),),
          "LAB\\gmsa-ndes$", put(HOST, dNSHostName=text("ndes01.lab.test")), "ndes01.child.lab.test"),
    _home("host-of-other-domain", "the computer is of another domain than --ndes-host", (unknown("ndes-acct-missing"),),
          "LAB\\gmsa-ndes$", host="CHILD\\NDES01"),
    _home("built-in-of-same-name", "the same of the account itself", REFERRAL, "NetworkService",
          put(HOST, dNSHostName=text("ndes01.lab.test")), "ndes01.child.lab.test"),
    _template_home("home-of-enrolling-dn-missing", "a DN that nobody has", MISSING, f"CN=nobody,{DOMAIN}"),
    Data("names-too-long", "more names than a filter takes", lambda directory: None, (unknown("ndes-ldap-settings"),), None,
         ("--template", "x" * 70000, "--account", "LAB\\svc-ndes")),
    _template_home("home-of-enrolling-sid", "a SID of another domain", REFERRAL, "S-1-5-21-1-2-3-1105"),
    _template_home("home-of-enrolling-sid-missing", "a SID of this domain that nobody has", MISSING, f"{FOREST}-7777"),
    _template_home("home-of-enrolling-principal", "a principal name of another domain", REFERRAL, "svc-ndes@child.lab.test"),
    _template_home("home-of-enrolling-domain", "another domain of the forest", REFERRAL, "CHILD\\svc-ndes", _child),
    _template_home("home-of-enrolling-dn", "a DN of another domain", REFERRAL, f"CN=svc-ndes,OU=NDES,DC=child,{DOMAIN}"),
    _home("groups-of-both", "a search is left for the groups of the gMSA", (warning("ndes-acct-privileged"),),
          "LAB\\gmsa-ndes$", _managed_admin, "NDES01"),
    _home("groups-of-host", "none is left: groups that are not direct go unseen", (), "LAB\\gmsa-ndes$", _unnamed_admin,
          "NDES01"),
    _home("built-in", "NetworkService is the computer", (), "NetworkService", host="NDES01"),
    _home("built-in-disabled", "the computer is disabled", (critical("ndes-acct-disabled"),), "NetworkService",
          put(HOST, userAccountControl=text(4098)), "NDES01"),
    # numbers and dates
    _template("flags-none", "flags that are no number", HIDDEN, msPKI_Certificate_Name_Flag=text("one")),
    _template("flags-huge", "flags of 100 digits", HIDDEN, msPKI_Certificate_Name_Flag=[b"1" * 100]),
    _template("flags-negative", "flags of signed 32 bits", (), msPKI_Certificate_Name_Flag=text(-2147483647)),
    _template("flags-hidden", "no flags", HIDDEN, msPKI_Certificate_Name_Flag=None),
    _template("version-hidden", "no version, though there is what came with version 2", HIDDEN,
              msPKI_Template_Schema_Version=None),
    _template("version-one", "nothing of version 2", (warning("ndes-tmpl-v1"),), msPKI_Template_Schema_Version=None,
              msPKI_Template_Minor_Revision=None, msPKI_Cert_Template_OID=None,
              msPKI_Certificate_Application_Policy=None, msPKI_RA_Signature=None, msPKI_Minimal_Key_Size=None),
    _template("signature-hidden", "no number of signatures", HIDDEN, msPKI_RA_Signature=None),
    _template("signature-none", "a number of signatures that is none", HIDDEN, msPKI_RA_Signature=text("two")),
    _template("key-size-hidden", "no key size", HIDDEN, msPKI_Minimal_Key_Size=None),
    _template("period-hidden", "no period", HIDDEN, pKIExpirationPeriod=None),
    _template("purposes-none", "no purposes, and nothing that could hide them", (warning("ndes-tmpl-serverauth"),),
              pKIExtendedKeyUsage=None, msPKI_Certificate_Application_Policy=None),
    _template("purposes-hidden", "no purposes, and an entry about one attribute", HIDDEN,
              pKIExtendedKeyUsage=None, msPKI_Certificate_Application_Policy=None,
              nTSecurityDescriptor=[template_rights(ONE_ATTRIBUTE, enroll())]),
    _template("period-short", "a period of 3 bytes", (), pKIExpirationPeriod=[b"\1\2\3"]),
    _template("period-positive", "a period that is none", (), pKIExpirationPeriod=[b"\xff" * 7 + b"\x7f"]),
    _template("period-long", "a period of 29 000 years", (warning("ndes-tmpl-validity"),),
              pKIExpirationPeriod=[b"\1" + b"\0" * 6 + b"\x80"]),
    _template("period-longest", "the one number whose sign cannot be turned", (),
              pKIExpirationPeriod=[b"\0" * 7 + b"\x80"]),
    _template("key-usage-empty", "a key usage of no byte", (), pKIKeyUsage=[b""]),
    _template("key-size-huge", "a key size of 2 billion", (critical("ndes-tmpl-keysize"),),
              msPKI_Minimal_Key_Size=text(2147483647)),
    _account("control-none", "flags that are no number", HIDDEN, userAccountControl=text("many")),
    _account("control-hidden", "no flags", HIDDEN, userAccountControl=None),
    _account("computed-hidden", "no computed flags", HIDDEN, msDS_User_Account_Control_Computed=None),
    _account("expires-none", "an end that is no date", HIDDEN, accountExpires=text("tomorrow")),
    _account("expires-first", "an end in 1601", (critical("ndes-acct-expired"),), accountExpires=text(1)),
    _account("expires-last", "an end after all dates", (), accountExpires=text(NEVER - 1)),
    _account("expires-too-large", "an end of 65 bits", HIDDEN, accountExpires=text(1 << 64)),
    _account("expires-negative", "an end before all dates", HIDDEN, accountExpires=text(-5)),
    _account("password-last", "a password until after all dates", (),
             msDS_UserPasswordExpiryTimeComputed=text(NEVER - 1)),
    _account("password-soon", "a password with ten days left", (warning("ndes-acct-password"),),
             msDS_UserPasswordExpiryTimeComputed=text(filetime(10))),
    _account("password-sooner", "a password with two days left", (critical("ndes-acct-password"),),
             msDS_UserPasswordExpiryTimeComputed=text(filetime(2))),
    _account("account-soon", "an account with ten days left", (warning("ndes-acct-expired"),),
             accountExpires=text(filetime(10))),
    _account("account-sooner", "an account with two days left", (critical("ndes-acct-expired"),),
             accountExpires=text(filetime(2))),
    _account("locked", "locked now", (critical("ndes-acct-locked"),), lockoutTime=text(filetime(-0.001)),
             msDS_User_Account_Control_Computed=text(16)),
    _account("sid-hidden", "no SID", HIDDEN, template=HIDDEN, objectSid=None),
    _account("sid-broken", "a SID of 255 parts", HIDDEN, template=HIDDEN, objectSid=[b"\x01\xff\0\0\0\0\0\5" + b"\1" * 1020]),
    # descriptors
    _template("descriptor-hidden", "no descriptor", HIDDEN, nTSecurityDescriptor=None),
    _descriptor("descriptor-empty", "a descriptor of no byte", DESCRIPTOR, b""),
    _descriptor("descriptor-noise", "a descriptor of noise", DESCRIPTOR, bytes(range(256))),
    _descriptor("descriptor-far", "a DACL behind the end", DESCRIPTOR, GOOD[:16] + b"\xff\xff\xff\x7f" + GOOD[20:]),
    _descriptor("descriptor-in-head", "a DACL inside the head", DESCRIPTOR, GOOD[:16] + b"\4\0\0\0" + GOOD[20:]),
    _descriptor("descriptor-acl-size", "an ACL that claims 64 KiB", DESCRIPTOR,
                rights.descriptor(f"{FOREST}-519", rights.acl(enroll(), size=0xFFF0))),
    _descriptor("descriptor-ace-count", "an ACL that claims 65535 entries", DESCRIPTOR,
                rights.descriptor(f"{FOREST}-519", rights.acl(enroll(), count=0xFFFF))),
    _descriptor("descriptor-ace-size", "an entry of no size", DESCRIPTOR, rights.descriptor(
        f"{FOREST}-519", rights.acl(enroll()[:2] + b"\0\0" + enroll()[4:]))),
    _descriptor("descriptor-sid-count", "a SID of 255 parts", DESCRIPTOR, rights.descriptor(
        f"{FOREST}-519", rights.acl(rights.ace(rights.ALLOW, rights.CONTROL, b"\x01\xff" + WHO[2:])))),
    _descriptor("descriptor-owner", "an owner of 255 parts", DESCRIPTOR,
                rights.descriptor(b"\x01\xff" + WHO[2:], rights.acl(enroll()))),
    _descriptor("descriptor-no-entries", "a list without entries: nobody may anything", NOENROLL,
                rights.descriptor(f"{FOREST}-519", rights.acl())),
    _descriptor("descriptor-no-list", "no list: everybody may everything",
                (warning("ndes-tmpl-broad"), warning("ndes-tmpl-writable")),
                GOOD[:2] + b"\0\x80" + GOOD[4:16] + b"\0\0\0\0" + GOOD[20:]),
    _descriptor("descriptor-null-list", "a list that is said to be there and is not: the same",
                (warning("ndes-tmpl-broad"), warning("ndes-tmpl-writable")), GOOD[:16] + b"\0\0\0\0" + GOOD[20:]),
    _descriptor("descriptor-callback", "only a conditional entry gives the right", DESCRIPTOR, template_rights(CALLBACK)),
    _descriptor("descriptor-callback-after", "a conditional entry behind the one that decides", (),
                template_rights(enroll(), CALLBACK)),
    _managed("managed-good", "the host may fetch the password",
             (), [retrieve(rights.ace(rights.ALLOW, rights.READ, HOST_SID))]),
    _managed("managed-other", "another may", (critical("ndes-acct-retrieve"),),
             [retrieve(rights.ace(rights.ALLOW, rights.READ, f"{FOREST}-9999"))]),
    _managed("managed-hidden", "no list: nobody may", (critical("ndes-acct-retrieve"),), None),
    _managed("managed-noise", "a list of noise", DESCRIPTOR, [bytes(range(64))]),
    _managed("managed-cut", "half a list", DESCRIPTOR, [retrieve(rights.ace(rights.ALLOW, rights.READ, HOST_SID))[:40]]),
    # the CA
    Data("certificate-none", "a CA certificate that is none", put(AUTHORITY, cACertificate=[b"\x30\x03abc"]),
         HIDDEN, None),
    Data("certificate-hidden", "no CA certificate", put(AUTHORITY, cACertificate=None), HIDDEN, None),
    Data("certificate-one-good", "one of two CA certificates is none", lambda directory: directory.find(AUTHORITY)
         .attributes["cACertificate"].insert(0, b"\x30\x82\xff\xff"), (), None),
    Data("templates-hidden", "a CA that publishes nothing", put(AUTHORITY, certificateTemplates=None),
         (critical("ndes-tmpl-unpublished"),), None),
    Data("authority-hidden", "a CA of which nothing is visible", put(
        AUTHORITY, cn=None, certificateTemplates=None, cACertificate=None, dNSHostName=None), HIDDEN, None),
    Data("ntauth-good", "a CA that is trusted for logon", lambda directory: None, (), None, ASK_NTAUTH),
    Data("ntauth-hidden", "its list is not visible", put(NTAUTH, cACertificate=None), HIDDEN, None, ASK_NTAUTH),
    Data("ntauth-unnamed", "not even its name is", put(NTAUTH, cACertificate=None, cn=None), HIDDEN, None, ASK_NTAUTH),
    Data("ntauth-gone", "there is no list", lambda directory: directory.entries.pop(NTAUTH.lower()),
         (critical("ndes-tmpl-ntauth"),), None, ASK_NTAUTH),
    Data("authority-gone", "no CA", lambda directory: directory.entries.pop(AUTHORITY.lower()),
         (critical("ndes-tmpl-noca"),), None),
    Data("containers-gone", "no container of CAs", lambda directory: [
        directory.entries.pop(dn.lower()) for dn in (AUTHORITY, f"CN=Enrollment Services,{SERVICES}")],
         (critical("ndes-tmpl-noca"),), None),
)
