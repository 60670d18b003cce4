# What the checks that ask by WinRM cost, beside one request of curl with the same ticket to the same server.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's WinRM server in a Samba domain; Kerberos from a ticket cache, encrypted messages over HTTP."""
import contextlib
import time

from meter import PATIENCE

APPPOOL, CONNECTOR = PLUGINS = ("check_ndes_apppool", "check_ndes_connector")
APPPOOL_FLOOR, QUIET, CURL = ("floor of check_ndes_apppool", "check_ndes_connector --skip=events",
                              "curl --negotiate, one request")
SLOW = (CONNECTOR,)  # it waits half a second for the end of its events
ONLY_TIMED = ()
# program, compared with, at most so many times its instructions
FLOORS = ((APPPOOL, APPPOOL_FLOOR, 1.2),)
OTHERS = ((APPPOOL, CURL, 2),)
# system calls, bytes, connections, peak memory in KiB: what it was, and a tenth
MOST = {APPPOOL: (1050, 35000, 1, 17100), CONNECTOR: (1110, 90000, 1, 17900)}

SERVICES = "SELECT Name,State,StartMode,ExitCode,ServiceSpecificExitCode FROM Win32_Service " \
           "WHERE Name='WAS' OR Name='W3SVC' OR Name='EventLog'"
COUNTERS = "SELECT Name,CurrentApplicationPoolState,CurrentApplicationPoolUptime,CurrentWorkerProcesses," \
           "RecentWorkerProcessFailures,TotalApplicationPoolRecycles,TotalWorkerProcessFailures," \
           "TotalWorkerProcessPingFailures,TotalWorkerProcessShutdownFailures,TotalWorkerProcessStartupFailures " \
           "FROM Win32_PerfFormattedData_APPPOOLCountersProvider_APPPOOLWAS WHERE Name='_Total' OR Name='SCEP'"
METABASE = "SELECT Name,AppPoolState,AppPoolAutoStart,AppPoolIdentityType,WAMUserName FROM IIsApplicationPoolSetting " \
           "WHERE Name='W3SVC/AppPools/SCEP'"
POOLS = "SELECT Name,AutoStart FROM ApplicationPool"
APPLICATIONS = "SELECT Path,SiteName,ApplicationPool FROM Application"
CLOCK = "SELECT LocalDateTime FROM Win32_OperatingSystem"
EVENTS = "SELECT SourceName,EventCode,EventType,TimeGenerated,InsertionStrings,Message FROM Win32_NTLogEvent " \
         "WHERE Logfile='System' AND (SourceName='WAS' OR SourceName='Microsoft-Windows-WAS') AND TimeGenerated&gt;='{}.000000+000' AND (" + \
         " OR ".join(f"EventCode={number}" for number in (5002, 5009, 5010, 5011, 5021, 5022, 5057, 5059)) + ")"


def requests():
    """Those of check_ndes_apppool, in its order."""
    hour_ago = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() - 3600))
    return ["root/cimv2", SERVICES, "root/cimv2", COUNTERS, "root/MicrosoftIISv2", METABASE,
            "root/webadministration", POOLS, "root/webadministration", APPLICATIONS,
            "root/cimv2", CLOCK, "root/cimv2", EVENTS.format(hour_ago)]


def commands(build, facts):
    server = ["-H", "localhost", "-p", str(facts["port"]), *PATIENCE]
    return {
        APPPOOL: [str(build / APPPOOL), *server],
        APPPOOL_FLOOR: [str(build.parent / "tests/bench/floor_winrm"), facts["url"], "localhost", *requests()],
        CONNECTOR: [str(build / CONNECTOR), *server],
        QUIET: [str(build / CONNECTOR), *server, "--skip=events"],
        CURL: ["/usr/bin/curl", "-s", "-f", "-o", "/dev/null", "--negotiate", "-u", ":", "-X", "POST", "-d", "",
               facts["url"]],
    }


@contextlib.contextmanager
def programs(build, domain):
    """The commands by name, ready to be run in the domain's network."""
    with domain.fleet({"plain": {}}) as fleet:
        yield commands(build, fleet.facts["plain"])
