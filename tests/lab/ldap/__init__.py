# A directory server by hand: what the checks must survive, which no real one sends.
# SPDX-License-Identifier: GPL-3.0-or-later
"""from lab.ldap.server import LdapLab; from lab.ldap.hostile import ROWS, HostileLdap"""
