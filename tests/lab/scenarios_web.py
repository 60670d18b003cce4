# The scenarios of the web server: HTTP answers, GetCACaps, length limits, network.
# SPDX-License-Identifier: GPL-3.0-or-later
from .scenario import Scenario as S, both, critical, warning
from .settings import DEFAULT_CAPS

FAST = ("-t", "3")
CAPS_PAGE = b"<html><body><pre>\nPOSTPKIOperation\n</pre></body></html>\n"

WEB = (
    S("healthy", "plain NDES, bare URL shows the NDES page", "web"),
    S("healthy-profile", "the same, and the operator says so", "web", http_args=("--profile=ndes",)),
    S("policy", "Intune policy module: bare URL 403.0", "web", {"bare": "policy"}),
    S("policy-intune", "the same, and the operator expects it", "web", {"bare": "policy"},
      http_args=("--profile=intune",)),
    S("policy-missing", "the operator expects the policy module, the bare URL shows the NDES page", "web",
      http=(critical("ndes-http-policy"),), http_args=("--profile=intune",)),
    S("first-slow", "the first answer after a pool start takes a second", "web", {"first_delay": 1.0}),
    S("date-missing", "no Date header", "web", {"date_sent": False}),
    S("date-near", "clock two minutes ahead", "web", {"date_skew": 120}),
    S("date-ahead", "clock ten minutes ahead", "web", {"date_skew": 600}, http=(warning("ndes-time-skew"),)),
    S("date-behind", "clock two hours behind", "web", {"date_skew": -7200}, http=(warning("ndes-time-skew"),)),
    S("http-500", "NDES does not start", "web", {"fault": "500"}, **both(critical("ndes-http-500"))),
    S("http-502", "a proxy gets no valid answer", "web", {"fault": "502"}, **both(critical("ndes-http-502"))),
    S("http-503", "pool SCEP off, HTTP.sys refuses", "web", {"fault": "503"}, **both(critical("ndes-http-503"))),
    S("http-504", "Entra application proxy without connector", "web", {"fault": "504"},
      **both(critical("ndes-http-504"))),
    S("http-404", "application missing", "web", {"fault": "404"}, **both(critical("ndes-http-404"))),
    S("http-403", "GetCACaps and GetCACert forbidden, too", "web", {"fault": "403"},
      **both(critical("ndes-http-403"))),
    S("http-410", "a status that nobody expects", "web", {"fault": "410"}, **both(critical("ndes-http-status"))),
    S("http-blank", "200 with zero bytes for everything", "web", {"fault": "blank"},
      http=(critical("ndes-http-blank"), warning("ndes-http-caps")), racert=(critical("ndes-http-blank"),)),
    S("portal", "captive portal: HTML with 200", "web", {"fault": "portal"}, racert=(critical("ndes-http-html"),),
      http=(critical("ndes-http-html"), warning("ndes-admin-unknown")), http_args=("--state-dir={state_dir}",)),
    S("login-redirect", "pre-authentication: 302 to a login page", "web", {"fault": "login"},
      **both(warning("ndes-http-redirect"))),
    S("timeout", "no answer in time", "web", {"delay": 30}, **both(critical("ndes-http-timeout")),
      http_args=FAST, racert_args=FAST),
    S("drip", "one byte per second", "web", {"drip": 1}, **both(critical("ndes-http-timeout")),
      http_args=FAST, racert_args=FAST),
    S("slow", "each answer takes 0.4 s, the operator wants the whole in 0.5 s", "web", {"delay": 0.4},
      http=(warning("ndes-http-slow"),), http_args=("-w", "0.5")),
    S("caps-html", "HTML instead of the list", "web", {"fault": "caps-html"}, http=(critical("ndes-http-html"),)),
    S("caps-html-word", "HTML with a capability on a line of its own", "web",
      {"caps": CAPS_PAGE, "caps_type": "text/html"}, http=(critical("ndes-http-html"),)),
    S("caps-500", "GetCACaps alone fails", "web", {"fault": "caps-500"}, http=(critical("ndes-http-500"),)),
    S("cacert-500", "GetCACert alone fails", "web", {"fault": "cacert-500"}, **both(critical("ndes-http-500"))),
    S("cacert-html", "HTML instead of certificates", "web", {"fault": "cacert-html"},
      **both(critical("ndes-http-html"))),
    S("cacert-blank", "no bytes instead of certificates", "web", {"fault": "cacert-blank"},
      **both(critical("ndes-http-blank"))),
    S("cacert-truncated", "PKCS#7 cut off", "web", {"cacert": "truncated"}, **both(critical("ndes-cacert-invalid"))),
    S("cacert-garbage", "no DER at all", "web", {"cacert": "garbage"}, **both(critical("ndes-cacert-invalid"))),
    S("cacert-zeros", "4096 zero bytes", "web", {"cacert": "zeros"}, **both(critical("ndes-cacert-invalid"))),
    S("cacert-der", "one CA certificate as plain DER, no RA", "web", {"cacert": "der"},
      racert=(critical("ndes-ra-missing"),)),
    S("cacert-der-allowed", "the same, as other SCEP servers do", "web", {"cacert": "der"},
      racert_args=("--allow-no-ra",)),
    S("cacert-entrust-type", "the bundle under Entrust's media type", "web",
      {"cacert_type": "application/x-x509-ra-ca-certs"}),
    S("cacert-octets", "the bundle as application/octet-stream", "web", {"cacert_type": "application/octet-stream"}),
)


def cause(name, status, about):
    """What is broken behind one and the same answer: only the server's event log tells these apart."""
    return S(name, about, "web", {"fault": status}, **both(critical(f"ndes-http-{status}")))


CAUSES = (
    cause("http-impersonate", "500", "IIS_IUSRS has lost the right to impersonate a client"),
    cause("http-rootstore", "503", "an intermediate certificate in LocalMachine\\Root lets the worker crash"),
    cause("ra-key", "500", "the pool's identity cannot read the key of an RA certificate"),
    cause("reg-broken", "500", "a value is missing below the MSCEP registry key"),
    cause("acct-locked", "503", "the service account is locked"),
    cause("acct-disabled", "503", "the service account is disabled"),
    cause("acct-expired", "503", "the service account has expired"),
    cause("acct-password", "503", "the password of the service account has expired"),
    cause("pool-stopped", "503", "pool SCEP is stopped"),
    cause("pool-rapidfail", "503", "rapid-fail protection has switched pool SCEP off"),
    cause("pool-identity", "503", "the identity of pool SCEP cannot sign in"),
)

CAPS = (
    S("caps-no-type", "GetCACaps without Content-Type (2008 R2)", "web", {"caps_type": None, "old_iis": True}),
    S("caps-crlf", "CRLF line ends", "web", {"caps": DEFAULT_CAPS.replace(b"\n", b"\r\n")}),
    S("caps-no-newline", "no newline at the end", "web", {"caps": DEFAULT_CAPS.rstrip()}),
    S("caps-lower", "lower case", "web", {"caps": DEFAULT_CAPS.lower()}),
    S("caps-unknown", "unknown words between", "web", {"caps": b"SCEPStandard\nFoo-Bar\n\n" + DEFAULT_CAPS}),
    S("caps-hardened", "registry override: no SHA-1, no DES3, but AES", "web",
      {"caps": b"POSTPKIOperation\nRenewal\nSHA-512\nSHA-256\nAES"}),
    S("caps-empty", "zero-length answer of an old server", "web", {"caps": b"", "old_iis": True},
      http=(warning("ndes-http-caps"),)),
    S("caps-nopost", "POSTPKIOperation missing though required", "web", {"caps": b"Renewal\nSHA-1\nDES3\n"},
      http=(warning("ndes-http-caps"),), http_args=("--require-caps", "POSTPKIOperation")),
    S("caps-nosha256", "SHA-256 missing though required", "web",
      {"caps": b"POSTPKIOperation\nRenewal\nSHA-1\nDES3\n"}, http=(warning("ndes-http-caps"),),
      http_args=("--require-caps", "POSTPKIOperation,SHA-256")),
)

LIMITS = (
    S("long-url", "16 KiB requests pass with the Intune limits", "limits", http_args=("--long-url",)),
    S("url-site", "site limit 2048, but the locations have 65536: short and long requests pass", "limits",
      http_args=("--long-url=30000",)),
    S("limit-unasked", "HTTP.sys defaults, nobody asked", "limits", {"httpsys_limit": 16384}),
    S("limit-httpsys-400", "HTTP.sys default of 16384 bytes: 400", "limits", {"httpsys_limit": 16384},
      http=(critical("ndes-url-limit"),), http_args=("--long-url",)),
    S("limit-httpsys-414", "the same as 414", "limits", {"httpsys_limit": 16384, "httpsys_style": "414"},
      http=(critical("ndes-url-limit"),), http_args=("--long-url",)),
    S("limit-iis", "maxQueryString 2048: 404 of IIS", "limits", {"query_limit": 2048},
      http=(critical("ndes-url-limit"),), http_args=("--long-url",)),
    *(S(f"limit-waf-{status}", f"a firewall refuses more than 8 KiB: {status}", "limits",
        {"proxy_limit": 8192, "proxy_status": status}, http=(critical("ndes-url-limit"),), http_args=("--long-url",))
      for status in (403, 406, 501)),
    S("limit-proxy", "a proxy refuses more than 8 KiB: 414", "limits", {"proxy_limit": 8192},
      http=(critical("ndes-url-limit"),), http_args=("--long-url",)),
)

NET = (
    S("net-refused", "nobody listens on the port", "net", {"target": "refused"},
      **both(critical("ndes-net-refused"))),
    S("net-dns", "the name does not resolve", "net", {"target": "unresolvable"}, **both(critical("ndes-net-dns"))),
)
