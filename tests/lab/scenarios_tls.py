# The scenarios of TLS: certificates, versions, client certificates.
# SPDX-License-Identifier: GPL-3.0-or-later
from .scenario import Scenario, both, critical, warning

CLIENT = ("--client-cert={client_cert}", "--private-key={client_key}")


def S(name, about, variant, http=(), racert=(), args=(), http_args=()):
    return Scenario(name, about, "tls", {"tls": variant}, http=http, racert=racert, http_args=args + http_args,
                    racert_args=args)


TLS = (
    S("tls-good", "certificate of the lab's CA, right names", "good"),
    S("tls-1.2", "TLS 1.2 at most", "only-1.2"),
    S("tls-intermediate", "issued by an intermediate CA that is sent along", "intermediate"),
    S("tls-client-given", "client certificate demanded and given, TLS 1.2", "client-1.2", args=CLIENT),
    S("tls-client-given-1.3", "the same with TLS 1.3", "client-1.3", args=CLIENT),
    S("tls-expired", "certificate expired", "expired", **both(critical("ndes-tls-expired"))),
    S("tls-expiring-20", "certificate ends in 20 days", "ends-in-20", http=(warning("ndes-tls-expired"),)),
    S("tls-expiring-10", "certificate ends in 10 days", "ends-in-10", http=(critical("ndes-tls-expired"),)),
    S("tls-notyet", "certificate valid from next week on", "not-yet",
      **both(critical("ndes-tls-expired"))),
    S("tls-name", "certificate for another name", "wrong-name", **both(critical("ndes-tls-name"))),
    S("tls-untrusted", "issued by a CA that nobody trusts", "untrusted", **both(critical("ndes-tls-chain"))),
    S("tls-self-signed", "self-signed", "self-signed", **both(critical("ndes-tls-chain"))),
    S("tls-no-intermediate", "intermediate CA not sent", "no-intermediate", **both(critical("ndes-tls-chain"))),
    S("tls-old", "TLS 1.1 at most", "old", **both(critical("ndes-tls-handshake"))),
    S("tls-plain", "plain HTTP on the https port", "plain", **both(critical("ndes-tls-handshake"))),
    S("tls-client", "client certificate demanded, TLS 1.2", "client-1.2", **both(critical("ndes-tls-client"))),
    S("tls-client-1.3", "the same with TLS 1.3", "client-1.3", **both(critical("ndes-tls-client"))),
)
