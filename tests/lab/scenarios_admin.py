# The scenarios of the mscep_admin page.
# SPDX-License-Identifier: GPL-3.0-or-later
from .scenario import Scenario, critical, unknown, warning

LOGIN = ("--admin=challenge", "--user={user}", "--password-file={password_file}", "--state-dir={state_dir}")
WRONG = ("--admin=challenge", "--user={user}", "--password-file={wrong_password_file}", "--state-dir={state_dir}")


def S(name, about, settings, *findings, args=LOGIN):
    return Scenario(name, about, "admin", settings, http=findings, http_args=args)


ADMIN = (
    S("admin-password", "one-time password, UTF-16LE without BOM", {}),
    S("admin-ntlm", "the same, with NTLM alone", {}, args=LOGIN + ("--auth=ntlm",)),
    S("admin-bom", "UTF-16LE with BOM", {"admin_bom": True}),
    S("admin-charset", "UTF-16LE that claims to be UTF-8", {"admin_type": "text/html; charset=UTF-8"}),
    S("admin-utf8", "UTF-8", {"admin_charset": "utf-8"}),
    S("admin-german", "localised page", {"admin": "german"}),
    S("admin-32", "32-digit password", {"password_digits": 32}),
    S("admin-single", "single-password mode", {"admin": "single"}, args=LOGIN + ("--single-password",)),
    S("admin-single-unsaid", "single-password mode, the operator did not say so", {"admin": "single"}),
    S("admin-nopassword", "EnforcePassword=0: thumbprint, no password", {"admin": "none"}),
    S("admin-slash", "path without its slash: 401, login, 301", {},
      args=LOGIN + ("--admin-path=/certsrv/mscep_admin",)),
    S("admin-anonymous", "not signed in: 401 with Negotiate and NTLM", {}, args=()),
    S("admin-required", "the same where the operator requires the page", {}, args=("--admin=required",)),
    S("admin-gone", "page removed or hidden: 404", {"admin_status": 404}, args=()),
    S("admin-forbidden", "the same where the operator forbids the page", {"admin_status": 404},
      args=("--admin=forbidden",)),
    S("admin-cut", "the connection is closed instead of an answer: blocked on the way", {"admin_cut": True}, args=()),
    S("admin-forbidden-cut", "the same where the operator forbids the page", {"admin_cut": True},
      args=("--admin=forbidden",)),
    S("admin-forbidden-login", "a login page in front, where the operator forbids the page", {"admin_status": 302},
      args=("--admin=forbidden",)),
    S("admin-full-unasked", "cache full, but nobody signs in", {"prefilled": 5}, args=()),
    S("admin-full", "password cache full", {"prefilled": 5}, critical("ndes-admin-full")),
    S("admin-denied", "no permission to enrol", {"admin": "denied"}, critical("ndes-admin-denied")),
    S("admin-auth", "wrong password", {}, unknown("ndes-admin-auth"), args=WRONG),
    S("admin-auth-ntlm", "wrong password with NTLM alone", {}, unknown("ndes-admin-auth"),
      args=WRONG + ("--auth=ntlm",)),
    S("admin-open", "anonymous access switched on", {"anonymous": True}, critical("ndes-admin-open"),
      args=("--state-dir={state_dir}",)),
    S("admin-exposed", "reachable though forbidden", {}, warning("ndes-admin-exposed"), args=("--admin=forbidden",)),
    S("admin-basic", "Basic offered over plain HTTP", {"offers": ("Negotiate", "NTLM", 'Basic realm="NDES01"')},
      warning("ndes-admin-basic"), args=()),
    S("admin-missing", "404 though required", {"admin_status": 404}, critical("ndes-admin-missing"),
      args=("--admin=required",)),
    S("admin-500", "500 after login", {"admin_status": 500}, critical("ndes-http-500")),
    S("admin-blank", "blank page after login", {"admin": "blank"}, critical("ndes-admin-blank")),
    S("admin-other", "not an NDES page after login", {"admin": "other"}, critical("ndes-admin-unknown")),
    S("admin-refused", "NDES page without password and with unknown words", {"admin": "refused"},
      critical("ndes-admin-refused")),
)
