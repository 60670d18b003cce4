# The table of what the WinRM server itself does: faults that hit every check alike, and habits that must hit none.
# SPDX-License-Identifier: GPL-3.0-or-later
"""SERVER: rows of the matrix; what the model of the host holds is healthy in all of them."""
from .gate import BasicGate, CertificateGate
from .scenario import WinrmScenario, both, critical, unknown


class NoBasicGate(BasicGate):
    """A server as Windows installs it: Negotiate and Kerberos, no Basic."""

    def answer(self, request, connection):
        return self.refuse(connection)

    def refuse(self, connection):
        response = super().refuse(connection)
        response.headers = [pair for pair in response.headers if not pair[1].startswith("Basic")]
        return response


class RefusingGate(BasicGate):
    """Offers Basic and takes no password."""

    def answer(self, request, connection):
        return self.refuse(connection)


class LaterGate(BasicGate):
    """Forgets who was let in after the first message."""

    def answer(self, request, connection):
        if connection.login:
            return self.refuse(connection)
        connection.login = True
        return super().answer(request, connection)


def healthy(name, about, **server):
    return WinrmScenario(f"winrm-{name}", about, server=server)


SERVER = (
    WinrmScenario("winrm-healthy", "all is well"),
    healthy("one-row-first", "an optimised Enumerate gives one row, the rest comes by Pull", one_row_first=True),
    healthy("small-envelopes", "few rows fit into an answer", small_envelopes=True),
    healthy("class-rows", "projections come as elements of the class", fragments_off=True),
    healthy("pretty", "white space around every text", pretty=True),
    healthy("end-with-context", "the end comes with a context", end_with_context=True),
    healthy("busy-once", "the first Pull times out on the server", busy_first=True, one_row_first=True),
    healthy("cdata-events", "events come as text", cdata_events=True),
    healthy("german", "a German server", german=True),
    healthy("slow", "each answer takes 0.2 s", delay=0.2),
    healthy("clock-ahead", "the server's clock is an hour ahead", clock_ahead=3600),
    healthy("certificate", "sign-in by client certificate", tls="client-1.2", gate=CertificateGate()),
    WinrmScenario("winrm-denied", "the account may not use WinRM", server={"denied": True},
                  **both(unknown("ndes-cim-denied"))),
    WinrmScenario("winrm-denied-german", "the same in German", server={"denied": True, "german": True},
                  **both(unknown("ndes-cim-denied"))),
    WinrmScenario("winrm-quota", "too many operations of this user", server={"quota": True},
                  **both(unknown("ndes-winrm-quota"))),
    WinrmScenario("winrm-quota-pretty", "the same, with white space", server={"quota": True, "pretty": True},
                  **both(unknown("ndes-winrm-quota"))),
    WinrmScenario("winrm-unencrypted", "500 with an empty body", server={"unencrypted_refused": True},
                  **both(unknown("ndes-winrm-unencrypted"))),
    WinrmScenario("winrm-no-basic", "Basic is switched off", server={"gate": NoBasicGate(), "tls": True},
                  **both(unknown("ndes-winrm-scheme"))),
    WinrmScenario("winrm-wrong-password", "the password is refused", server={"gate": RefusingGate(), "tls": True},
                  **both(unknown("ndes-winrm-logon"))),
    WinrmScenario("winrm-forgotten", "signed in at first, then 401", server={"gate": LaterGate(), "tls": True},
                  **both(unknown("ndes-winrm-logon"))),
    WinrmScenario("winrm-timeout", "no answer in time", server={"delay": 30}, **both(critical("ndes-winrm-timeout")),
                  apppool_args=("-t", "1"), connector_args=("-t", "1")),
)
