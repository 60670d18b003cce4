# What a user may do according to a Samba domain controller.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes go through the directory's own modules in this process, a millisecond each, as the system or as the user;
what the user sees comes from the running controller by LDAP."""

import contextlib
import uuid

import ldb
from samba.auth import AUTH_SESSION_INFO_AUTHENTICATED, AUTH_SESSION_INFO_DEFAULT_GROUPS, system_session, user_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

from . import samba_people as people
from .process import need, run

USER = "oracle"
# The user is in inner, inner in outer; nobody is in foreign.
INNER, OUTER, FOREIGN = "oracle-inner", "oracle-outer", "oracle-foreign"
ATTRIBUTES = ("description", "displayName", "givenName", "info", "mail", "physicalDeliveryOfficeName", "streetAddress",
              "telephoneNumber", "wWWHomePage")
# Bits of sDRightsEffective (MS-ADTS 3.1.1.4.5.4).
SD_OWNER_GROUP, SD_DACL = 3, 4
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"
_DACL_AND_OWNER = ["sd_flags:1:5"]


class Access:
    """A domain with objects whose descriptors are set by text, and a user who is told what it may do to them."""

    def __init__(self, controller):
        settings = LoadParm()
        settings.load(str(controller.smb_conf))
        url = str(controller.directory / "dc/private/sam.ldb")
        self._system = SamDB(url, session_info=system_session(), lp=settings)
        self.domain = security.dom_sid(self._system.get_domain_sid())
        base = str(self._system.domain_dn())
        self._unit = f"OU=oracle,{base}"
        self._system.transaction_start()
        self._add_people(base)
        self._system.add({"dn": self._unit, "objectClass": "organizationalUnit"})
        self._set(self._unit, self.packed("O:DAG:DAD:P(A;;GA;;;SY)(A;;RPLCLORC;;;AU)"))
        self._system.transaction_commit()
        self.session = user_session(
            self._system, lp_ctx=settings, dn=ldb.Dn(self._system, f"CN={USER},CN=Users,{base}"),
            session_info_flags=AUTH_SESSION_INFO_DEFAULT_GROUPS | AUTH_SESSION_INFO_AUTHENTICATED)
        self.token = self.session.security_token
        self._user = SamDB(url, session_info=self.session, lp=settings)
        self._inside, self._env = controller.inside, controller.login(USER)

    def _add_people(self, base):
        self._system.newuser(USER, people.PASSWORD)
        for group in (INNER, OUTER, FOREIGN):
            self._system.newgroup(group)
        self._system.add_remove_group_members(INNER, [USER])
        self._system.add_remove_group_members(OUTER, [INNER])

    def sid(self, name):
        found = self._system.search(expression=f"(sAMAccountName={name})", attrs=["objectSid"])
        return str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))

    def packed(self, text):
        return ndr_pack(security.descriptor.from_sddl(text, self.domain))

    def text(self, data):
        return ndr_unpack(security.descriptor, data).as_sddl(self.domain)

    def scopes(self, name):
        """The GUIDs that ACEs for an attribute of a contact may have: its own, its property set's, its class's."""
        found = self._schema(name, ["schemaIDGUID", "attributeSecurityGUID"])
        guids = [str(uuid.UUID(bytes_le=bytes(found[key][0]))) for key in
                 ("schemaIDGUID", "attributeSecurityGUID") if key in found]
        contact = self._schema("contact", ["schemaIDGUID"])["schemaIDGUID"][0]
        return [*guids, str(uuid.UUID(bytes_le=bytes(contact)))]

    def _schema(self, name, attributes):
        return self._system.search(self._system.get_schema_basedn(), ldb.SCOPE_ONELEVEL, f"(lDAPDisplayName={name})",
                                   attributes)[0]

    def make(self, kind, count, **values):
        """The names of so many new objects."""
        names = [f"CN={kind}{number},{self._unit}" for number in range(count)]
        self._system.transaction_start()
        for number, name in enumerate(names):
            extra = {"sAMAccountName": f"{kind}{number}"} if kind == "user" else {}
            self._system.add({"dn": name, "objectClass": kind, **values, **extra})
        self._system.transaction_commit()
        return names

    def _set(self, name, data):
        message = ldb.Message(ldb.Dn(self._system, name))
        message["d"] = ldb.MessageElement(data, ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
        self._system.modify(message, controls=_DACL_AND_OWNER)

    def store(self, descriptors):
        """Sets the descriptor of each name, and returns what the directory made of them."""
        self._system.transaction_start()
        for name, data in descriptors.items():
            self._set(name, data)
        self._system.transaction_commit()
        found = self._system.search(self._unit, ldb.SCOPE_ONELEVEL, attrs=["nTSecurityDescriptor"],
                                    controls=_DACL_AND_OWNER)
        stored = {str(entry.dn): bytes(entry["nTSecurityDescriptor"][0]) for entry in found}
        return {name: stored[name] for name in descriptors}

    def seen(self):
        """For each object what the user sees of it: the attributes it may write, the bits of sDRightsEffective, the
        attributes that it may read."""
        text = run([*self._inside, need("ldapsearch", "ldap-utils"), "-LLL", "-Q", "-Y", "GSSAPI", "-N", "-H",
                    "ldap://localhost", "-o", "ldif_wrap=no", "-b", self._unit, "-s", "one",
                    "allowedAttributesEffective", "sDRightsEffective", *ATTRIBUTES], env=self._env)
        result = {}
        for entry in text.strip().split("\n\n"):
            lines = [line.split(": ", 1) for line in entry.splitlines()]
            values = {name: value for name, value in lines}
            writable = {value for name, value in lines if name == "allowedAttributesEffective"}
            result[values["dn"]] = (writable, int(values.get("sDRightsEffective", 0)), values.keys() & set(ATTRIBUTES))
        return result

    @contextlib.contextmanager
    def attempts(self):
        """What the user changes in this block is undone at its end."""
        self._user.transaction_start()
        try:
            yield self
        finally:
            self._user.transaction_cancel()

    def writes(self, name, attribute, value, controls=()):
        """The user tries to: True if it worked, False if access was denied."""
        message = ldb.Message(ldb.Dn(self._user, name))
        message["v"] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, attribute)
        try:
            self._user.modify(message, controls=list(controls))
        except ldb.LdbError as error:
            if error.args[0] != ldb.ERR_INSUFFICIENT_ACCESS_RIGHTS:
                raise
            return False
        return True

    def writes_dacl(self, name):
        return self.writes(name, "nTSecurityDescriptor", self.packed("D:P(A;;GA;;;SY)"), ["sd_flags:1:4"])

    def resets_password(self, name):
        return self.writes(name, "unicodePwd", '"Another-Lab-Passw0rd"'.encode("utf-16-le"))
