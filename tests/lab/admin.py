# The mscep_admin page in all its variants, and the password cache behind it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phrases that identify NDES are facts; all words around them are ours."""
import hashlib
import secrets
import time

LINK = "http://go.microsoft.com/fwlink/?LinkId=67852"
INTRO = "Network Device Enrollment Service allows you to obtain certificates for routers or other network devices"
SINGLE_PASSWORD_BYTES = 8


class Clock:
    """The server's idea of time; only the password cache follows it."""

    def __init__(self):
        self._offset = 0.0

    def now(self):
        return time.time() + self._offset

    def advance(self, seconds):
        self._offset += seconds


class PasswordCache:
    """PasswordMax slots; each minted password holds one for PasswordValidity minutes."""

    def __init__(self, clock, prefilled=0, slots=5, minutes=60):
        self.clock, self.slots, self.minutes = clock, slots, minutes
        self._ends = [clock.now() + minutes * 60] * prefilled

    def mint(self, digits=16):
        """A new password, or None when the cache is full."""
        now = self.clock.now()
        self._ends = [end for end in self._ends if end > now]
        if len(self._ends) >= self.slots:
            return None
        self._ends.append(now + self.minutes * 60)
        return secrets.token_hex(digits // 2).upper()


def frame(*paragraphs, intro=INTRO + " that have no domain account.", link="More information"):
    """One line of HTML, whatever is in it."""
    return ('<HTML><Head><Meta HTTP-Equiv="Content-Type" Content="text/html; charset=UTF-8">'
            "<Title>Network Device Enrollment Service</Title></Head><Body><Font ID=locPageFont Face=\"Arial\">"
            "<Table Width=100%><TR><TD><LocID ID=locMSCertSrv>Active Directory Certificate Services</LocID></TD></TR>"
            "</Table><P ID=locPageTitle> Network Device Enrollment Service <P ID=locPageDesc> "
            f"{intro} {' '.join(paragraphs)} <P> <A Href=\"{LINK}\">{link}</A> </Font></Body></HTML>")


def thumbprint(certificate):
    """MD5 of the CA certificate in four groups of eight."""
    digest = hashlib.md5(certificate, usedforsecurity=False).hexdigest().upper()
    return " ".join(digest[start:start + 8] for start in range(0, 32, 8))


def hash_line(certificate):
    return f"<P> The thumbprint (hash value) for the CA certificate is: <B> {thumbprint(certificate)} </B>"


def password_line(password):
    return f"<P> The enrollment challenge password is: <B> {password} </B>"


def once_page(certificate, password):
    return frame(hash_line(certificate), password_line(password),
                 "<P> This password can be used only once and will expire within 60 minutes."
                 " <P> Each enrollment requires a new challenge password.")


def single_page(certificate, password):
    return frame(hash_line(certificate), password_line(password),
                 "<P> This password can be used multiple times and will not expire.")


def open_page(certificate):
    return frame(hash_line(certificate))


def full_page():
    return frame("<P> The password cache is full. <P> Nobody gets a new password now. Wait until one expires, or:"
                 " Configure the service to cache more than 5 passwords.")


def denied_page():
    return frame("<P> You do not have sufficient permission to enroll with SCEP."
                 "  Please contact your system administrator.")


def refused_page():
    """The frame of NDES with a text that nobody has seen yet."""
    return frame("<P> Something in here is not as it should be, and this build says so in new words.")


def german_page(certificate, password):
    return frame(f"<P> Der Fingerabdruck (Hashwert) des Zertifizierungsstellenzertifikats: "
                 f"<B> {thumbprint(certificate)} </B>",
                 f"<P> Das Abfragekennwort f\u00fcr die Registrierung lautet: <B> {password} </B>",
                 "<P> Es kann nur einmal verwendet werden und l\u00e4uft in 60 Minuten ab.",
                 intro="Mit diesem Dienst erhalten Router und andere Ger\u00e4te Zertifikate.", link="Weitere Angaben")


def bare_page():
    """What mscep.dll shows without an operation and without a policy module."""
    return frame("<P> This URL is used by network devices to submit certificate requests. <P> To get a password, "
                 "go to the admin URL. By default, the admin URL is http://NDES01/CertSrv/mscep_admin")


def other_page():
    return "<!DOCTYPE html><html><head><title>Intranet</title></head><body><h1>Welcome</h1></body></html>"


def one_time(page):
    """A page that costs a slot of the cache."""
    def make(certificate, cache, settings, counters):
        password = cache.mint(settings.password_digits)
        if password is None:
            return full_page()
        counters.add("minted")
        return page(certificate, password)
    return make


def fixed(page):
    return lambda certificate, cache, settings, counters: page()


PAGES = {
    "password": one_time(once_page),
    "german": one_time(german_page),
    "single": lambda certificate, cache, settings, counters: single_page(
        certificate, hashlib.sha256(b"single").hexdigest()[:2 * SINGLE_PASSWORD_BYTES].upper()),
    "none": lambda certificate, cache, settings, counters: open_page(certificate),
    "denied": fixed(denied_page),
    "refused": fixed(refused_page),
    "other": fixed(other_page),
    "blank": fixed(lambda: ""),
}


def encode(text, settings):
    data = text.encode(settings.admin_charset)
    return b"\xff\xfe" + data if settings.admin_bom and data else data
