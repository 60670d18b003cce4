# The scenarios of the application pool: every fault of it, and every healthy variant, over each source.
# SPDX-License-Identifier: GPL-3.0-or-later
"""APPPOOL is the table. A change is a function of the healthy host; several are joined by every()."""
import dataclasses

from .faults import Fault
from .host import APPPOOLWAS, CIMV2, ERROR, IIS6, WARNING, WAS_PROVIDER, WEB
from .scenario import WinrmScenario as S, critical, unknown, warning

POOL = "SCEP"
OTHER = "DefaultAppPool"
IDENTITY = r"NDESTEST\svc-ndes"
LOCAL_SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE, SPECIFIC_USER, POOL_IDENTITY = range(5)
# APPPOOLWAS, GetState, AppPoolState: one state in three encodings
STARTING, STARTED, STOPPING, STOPPED = (1, 0, 1), (3, 1, 2), (4, 2, 3), (5, 3, 4)
IDLE, SHUTDOWN_PENDING, DELETE_PENDING = (2, 1, 2), (6, 2, 3), (7, 2, 3)


def every(*changes):
    def change(host):
        for one in changes:
            one(host)
    return change


def state(numbers):
    return lambda host: host.set_pool_state(POOL, *numbers)


def stopped(host):
    host.stop_pool(POOL)


def counters(**values):
    return lambda host: host.pool_counters(POOL).update(values)


def auto_start_off(host):
    host.pool(POOL)["AutoStart"] = False
    host.iis6_pool(POOL)["AppPoolAutoStart"] = False


def identity(kind, user=""):
    def change(host):
        host.iis6_pool(POOL).update(AppPoolIdentityType=kind, WAMUserName=user)
        host.pool(POOL)["ProcessModel"].values.update(IdentityType=kind, UserName=user)
    return change


def service(name, state_name, **more):
    return lambda host: host.set_service(name, state_name, **more)


def was_event(number, text, minutes_ago=5, pool=POOL, level=WARNING, strings=True):
    return lambda host: host.log_event("System", number, level, minutes_ago, text.format(pool),
                                       (pool, "4242", "c0000005") if strings else (), WAS_PROVIDER)


def by_provider(host):
    """The classic log under the provider's name, as no source excludes."""
    host.classic_by_provider = True


def rapid_fail(**how):
    return was_event(5002, "Application pool '{}' is being automatically disabled due to a series of failures in the "
                     "process(es) serving that application pool.", level=ERROR, **how)


def crashed(**how):
    return was_event(5009, "A process serving application pool '{}' terminated unexpectedly. The process id was '4242'. "
                     "The process exit code was '0xc0000005'.", **how)


def no_ping(**how):
    return was_event(5010, "A process serving application pool '{}' failed to respond to a ping. The process id was "
                     "'4242'.", **how)


def identity_invalid(**how):
    return was_event(5021, "The identity of application pool {} is invalid. The user name or password that is specified "
                     "for the identity may be incorrect, or the user may not have batch logon rights.", **how)


def identity_disabled(**how):
    return was_event(5057, "Application pool {} has been disabled. Windows Process Activation Service (WAS) did not "
                     "create a worker process to serve the application pool because the application pool identity is "
                     "invalid.", **how)


def no_worker(**how):
    return was_event(5022, "The Windows Process Activation Service failed to create a worker process for the application "
                     "pool '{}'. The data field contains the error number.", **how)


def disabled(**how):
    return was_event(5059, "Application pool {} has been disabled. Windows Process Activation Service (WAS) encountered "
                     "a failure when it started a worker process to serve the application pool.", level=ERROR, **how)


def crashes(count, minutes_ago):
    return every(*(crashed(minutes_ago=minutes_ago + i) for i in range(count)))


def idle(uptime=3600):
    """Started, and no worker process yet."""
    return every(state(IDLE), counters(CurrentWorkerProcesses=0, CurrentApplicationPoolUptime=uptime))


invalid_identity = every(stopped, identity_invalid(), identity_disabled(), disabled())


# Sources: what is not there, not shown, or not allowed

def no_instance(host):
    """A pool that was never started has no counters."""
    host.remove(CIMV2, APPPOOLWAS, POOL)


def hide(namespace, class_name):
    return lambda host: host.hidden.add((namespace, class_name))


def deny(*namespaces):
    return lambda host: host.denied_namespaces.update(namespaces)


def drop(*namespaces):
    def change(host):
        for name in namespaces:
            host.drop_namespace(name)
    return change


def no_counters(host):
    host.drop_class(CIMV2, APPPOOLWAS)


def no_event_log(host):
    host.drop_class(CIMV2, "Win32_NTLogEvent")


def no_state(_, __, ___):
    return [("ReturnValue", 4)]


def state_unknown(host):
    host.methods[WEB, "ApplicationPool", "GetState"] = no_state


def state_fails(host):
    def fail(*_):
        raise Fault("invalid-method", "GetState")
    host.methods[WEB, "ApplicationPool", "GetState"] = fail


def no_classes(host):
    """Namespaces that are there, of providers that are not registered."""
    no_counters(host)
    for namespace, name in ((IIS6, "IIsApplicationPoolSetting"), (WEB, "ApplicationPool"), (WEB, "Application")):
        host.drop_class(namespace, name)


hidden_counters = hide(CIMV2, APPPOOLWAS)
hidden_pools = every(hide(WEB, "ApplicationPool"), hide(WEB, "Application"))
only_counters = drop(WEB, IIS6)
only_iis6 = every(hidden_counters, drop(WEB))
only_web = every(hidden_counters, drop(IIS6))


def without_pool(host):
    host.remove_pool(POOL)



def many_pools(host):
    for name in ("One", "Two", "Three", "Four", "Five"):
        host.table(WEB, "ApplicationPool").append({**host.pool(OTHER), "Name": name})


def renamed(host):
    host.pool_counters(POOL)["Name"] = "NDES"
    host.pool(POOL)["Name"] = "NDES"
    host.iis6_pool(POOL)["Name"] = "W3SVC/AppPools/NDES"
    for path in ("/CertSrv/mscep", "/CertSrv/mscep_admin"):
        host.application(path)["ApplicationPool"] = "NDES"


def clock_ahead(seconds):
    return lambda host: setattr(host, "clock_ahead", seconds)


def german(host):
    """A server in German: names to show are translated, those that are asked for are not."""
    for name, shown in (("WAS", "Windows-Prozessaktivierungsdienst"), ("W3SVC", "WWW-Publishingdienst")):
        host.service(name)["DisplayName"] = shown


def map_to(path, pool):
    return lambda host: host.application(path).update(ApplicationPool=pool)


def unmap(path):
    return lambda host: host.table(WEB, "Application").remove(host.application(path))


def second_site(host):
    host.table(WEB, "Application").append({**host.application("/CertSrv/mscep"), "SiteName": "Test", "ApplicationPool":
                                           OTHER})


AS = ("--identity", IDENTITY)
AS_POOL = ("--identity", "ApplicationPoolIdentity")

HEALTHY = (
    S("pool-healthy", "everything as installed"),
    S("pool-healthy-as", "the identity is the expected one", apppool_args=AS),
    S("pool-idle", "ok-pool-idle: no request yet, no worker", idle()),
    S("pool-uninitialized", "never requested: the counters call it Uninitialized, the metabase Started",
      every(idle(), state((1, 1, 2)))),
    S("pool-uninitialized-web", "the same, and only GetState says Started", every(idle(), state((1, 1, 2)), drop(IIS6)),
      extra=1),
    S("pool-disagree-shutdown", "the counters say shutdown pending, the metabase started", state((6, 1, 2))),
    S("pool-noinstance", "ok-pool-noinstance: never started, other sources tell", no_instance),
    S("pool-noinstance-web", "the same, and only GetState tells", every(no_instance, drop(IIS6))),
    S("pool-recycle", "ok-pool-recycle: a few recycles", counters(TotalApplicationPoolRecycles=40)),
    S("pool-old-failures", "failures long ago, by counters and events",
      every(counters(TotalWorkerProcessFailures=7), crashed(minutes_ago=300))),
    S("pool-mended", "the identity was invalid and is so no more", every(identity_invalid(), identity_disabled()),
      apppool_args=AS),
    S("pool-idle-mended", "the identity was invalid before the pool was started anew; no request yet",
      every(idle(uptime=120), identity_invalid(), identity_disabled())),
    S("pool-other-events", "events about other pools", every(
        identity_invalid(pool=OTHER), crashed(pool="SCEP2"), rapid_fail(pool="SCEP-old"),
        rapid_fail(pool="SCEP2", strings=False))),
    S("pool-other-crashes", "another pool crashes",
      lambda host: host.pool_counters(OTHER).update(RecentWorkerProcessFailures=4, CurrentApplicationPoolState=5)),
    S("pool-german", "localised display names and faults", every(german, drop(IIS6)), {"german": True}),
    S("pool-case", "the pool's name in another case", apppool_args=("--pool=scep",)),
    S("pool-renamed", "a pool of another name", renamed, apppool_args=("--pool=NDES", *AS)),
    S("pool-quoted", "a name that must be quoted in WQL", lambda host: host.pool_counters(POOL).update(Name=r"a'b\c"),
      apppool_args=(r"--pool=a'b\c", "--application=/none")),
    S("pool-many", "more pools than an answer names", many_pools),
    S("pool-admin-gone", "ok-admin-gone: mscep_admin was removed", unmap("/CertSrv/mscep_admin")),
    S("pool-second-site", "the same path on another site, in another pool", second_site),
    S("pool-no-autostart", "started although autoStart is off", auto_start_off),
)

IDENTITIES = (
    S("pool-wrongid", "another account", identity(SPECIFIC_USER, r"NDESTEST\other"), {},
      (warning("ndes-pool-wrongid"),), (), AS),
    S("pool-wrongid-unasked", "the same, and nobody asked", identity(SPECIFIC_USER, r"NDESTEST\other")),
    S("pool-wrongid-builtin", "a built-in identity in place of an account", identity(POOL_IDENTITY), {},
      (warning("ndes-pool-wrongid"),), (), AS),
    S("pool-wrongid-web", "another account, by ProcessModel", every(identity(SPECIFIC_USER, "other@ndes.test"), drop(IIS6)),
      {}, (warning("ndes-pool-wrongid"),), (), AS),
    S("pool-identity-web", "the right account, by ProcessModel", drop(IIS6), apppool_args=AS),
    S("pool-identity-case", "names are compared in any case", apppool_args=("--identity", r"ndestest\SVC-NDES")),
    S("pool-identity-upn", "user@domain against DOMAIN\\user", apppool_args=("--identity", "svc-ndes@ndes.test")),
    S("pool-identity-plain", "no domain given", apppool_args=("--identity", "svc-ndes")),
    S("pool-identity-dns", "example.com\\user against EXAMPLE\\user", apppool_args=("--identity", r"ndes.test\svc-ndes")),
    S("pool-identity-gmsa", "ok-acct-gmsa: the account ends in $", identity(SPECIFIC_USER, r"NDESTEST\gmsa-ndes$"),
      apppool_args=("--identity", r"NDESTEST\gmsa-ndes$")),
    S("pool-identity-gmsa-short", "the same, given without $", identity(SPECIFIC_USER, r"NDESTEST\gmsa-ndes$"),
      apppool_args=("--identity", r"NDESTEST\gmsa-ndes")),
    S("pool-identity-builtin", "ok-acct-builtin: ApplicationPoolIdentity", identity(POOL_IDENTITY), apppool_args=AS_POOL),
    S("pool-identity-builtin-web", "the same, by ProcessModel", every(identity(POOL_IDENTITY), drop(IIS6)),
      apppool_args=AS_POOL),
    S("pool-identity-network", "ok-acct-builtin: NetworkService", identity(NETWORK_SERVICE),
      apppool_args=("--identity", "networkservice")),
    S("pool-identity-system", "LocalSystem, by its Windows name", identity(LOCAL_SYSTEM),
      apppool_args=("--identity", r"NT AUTHORITY\SYSTEM")),
    S("pool-identity-local", "LocalService, and nobody asked", identity(LOCAL_SERVICE)),
    S("pool-identity-unseen", "no source shows the identity", only_counters, {}, (unknown("ndes-cim-namespace"),), (), AS),
    S("pool-identity-denied", "both namespaces are denied", deny(WEB, IIS6), {}, (unknown("ndes-cim-denied"),), (), AS),
    S("pool-identity-hidden", "both classes show nothing", every(hidden_pools, hide(IIS6, "IIsApplicationPoolSetting")), {},
      (unknown("ndes-cim-rights"),), (), AS),
)

STATES = (
    S("pool-stopped", "stopped by hand", stopped, {}, (critical("ndes-pool-stopped"),)),
    S("pool-stopped-manual", "stopped, and not meant to start by itself", every(stopped, auto_start_off), {},
      (warning("ndes-pool-stopped"),)),
    S("pool-stopped-iis6", "stopped, and only the metabase tells", every(stopped, only_iis6), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-stopped-web", "stopped, and only GetState tells", every(stopped, only_web), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-stopped-counters", "stopped, and only the counters tell", every(stopped, only_counters), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-stopped-blind", "stopped, and the log cannot be read", every(stopped, no_event_log), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-stopped-window", "stopped after crashes, before the window", every(stopped, rapid_fail(minutes_ago=90)), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-stopped-day", "the same, with a longer window", every(stopped, rapid_fail(minutes_ago=90)), {},
      (critical("ndes-pool-rapidfail"),), (), ("--event-window=1d",)),
    S("pool-rapidfail", "rapid-fail protection", every(stopped, rapid_fail(), crashed(), crashed(minutes_ago=6)), {},
      (critical("ndes-pool-rapidfail"),)),
    S("pool-rapidfail-counters", "the same, told by the counters alone",
      every(stopped, counters(RecentWorkerProcessFailures=5), no_event_log), {}, (critical("ndes-pool-rapidfail"),)),
    S("pool-rapidfail-manual", "the same, with autoStart off", every(stopped, rapid_fail(), auto_start_off), {},
      (critical("ndes-pool-rapidfail"),)),
    S("pool-rapidfail-nostrings", "an event without insertion strings", every(stopped, rapid_fail(strings=False)), {},
      (critical("ndes-pool-rapidfail"),)),
    S("pool-identity", "the identity is invalid (ndes-acct-*)", invalid_identity, {}, (critical("ndes-pool-identity"),)),
    S("pool-identity-as", "the same, and the account is the right one", invalid_identity, {},
      (critical("ndes-pool-identity"),), (), AS),
    S("pool-identity-failures", "the same, after failures", every(invalid_identity,
                                                                  counters(RecentWorkerProcessFailures=1)), {},
      (critical("ndes-pool-identity"),)),
    S("pool-identity-provider", "the same, the log names the provider", every(invalid_identity, by_provider), {},
      (critical("ndes-pool-identity"),)),
    S("pool-rapidfail-provider", "rapid-fail protection, likewise", every(
        stopped, rapid_fail(), crashed(), by_provider), {}, (critical("ndes-pool-rapidfail"),)),
    S("pool-crashing-provider", "crashes by events, likewise", every(crashes(20, 5), by_provider), {},
      (critical("ndes-pool-crashing"),)),
    S("pool-identity-noevents", "the same, without events", invalid_identity, {}, (critical("ndes-pool-stopped"),), (),
      ("--event-window=0",)),
    S("pool-identity-idle", "the identity is invalid, and no request has come yet", every(idle(), identity_invalid()), {},
      (warning("ndes-pool-identity"),)),
    S("pool-identity-idle-clock", "the same, by a clock that is a day ahead",
      every(clock_ahead(86400), idle(), identity_invalid()), {}, (warning("ndes-pool-identity"),)),
    S("pool-identity-old", "an invalid identity once, crashes now",
      every(stopped, identity_invalid(minutes_ago=50), identity_disabled(minutes_ago=50), rapid_fail()), {},
      (critical("ndes-pool-rapidfail"),)),
    S("pool-rapidfail-old", "crashes once, an invalid identity now", every(rapid_fail(minutes_ago=50), invalid_identity), {},
      (critical("ndes-pool-identity"),)),
    S("pool-noworker", "no worker process could be created, for whatever reason",
      every(stopped, no_worker(), disabled(), auto_start_off), {}, (critical("ndes-pool-stopped"),)),
    S("pool-disabled", "IIS disabled it and says no more", every(stopped, disabled()), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-starting", "starting, for how long is not known", state(STARTING), {}, (warning("ndes-pool-pending"),)),
    S("pool-stopping", "stopping", state(STOPPING), {}, (warning("ndes-pool-pending"),)),
    S("pool-shutdown", "shutdown pending", state(SHUTDOWN_PENDING), {}, (warning("ndes-pool-pending"),)),
    S("pool-delete", "delete pending", state(DELETE_PENDING), {}, (warning("ndes-pool-pending"),)),
    S("pool-starting-web", "starting, by GetState", every(state(STARTING), only_web), {}, (warning("ndes-pool-pending"),)),
    S("pool-disagree-counters", "the counters say stopped, the metabase started", state((5, 1, 2)), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-disagree-iis6", "the counters say running, the metabase stopped", state((3, 3, 4)), {},
      (critical("ndes-pool-stopped"),)),
    S("pool-disagree-pending", "the counters say running, the metabase stopping", state((3, 2, 3)), {},
      (warning("ndes-pool-pending"),)),
    S("pool-strange-state", "a state that nobody knows; the metabase does", state((42, 1, 2))),
    S("pool-crashing", "two failures that rapid-fail protection counts", counters(RecentWorkerProcessFailures=2), {},
      (warning("ndes-pool-crashing"),)),
    S("pool-crashing-often", "four of them", counters(RecentWorkerProcessFailures=4), {},
      (critical("ndes-pool-crashing"),)),
    S("pool-crashing-allowed", "as many as the operator allows", counters(RecentWorkerProcessFailures=4), {}, (), (),
      ("--failures-warning=5", "--failures-critical=5")),
    S("pool-crashing-events", "crashes by events, without counters", every(crashed(), no_ping(), hidden_counters), {},
      (warning("ndes-pool-crashing"),)),
    S("pool-crashing-events-often", "the same, three of them", every(crashed(), crashed(minutes_ago=9), no_ping(),
                                                                     hidden_counters), {},
      (critical("ndes-pool-crashing"),)),
    S("pool-crashing-seen", "crashes by events that the counters do not show", crashes(20, 5), {},
      (critical("ndes-pool-crashing"),)),
    S("pool-crashing-once", "one crash, likewise", crashed(), {}, (warning("ndes-pool-crashing"),)),
    S("pool-crashing-past", "crashes before the last hour, in a longer window", crashes(20, 65), {}, (), (),
      ("--event-window=1d",)),
    S("pool-mapping", "an application in another pool", map_to("/CertSrv/mscep", OTHER), {},
      (warning("ndes-pool-mapping"),)),
    S("pool-mapping-own", "another application, by the operator's list", None, {},
      (warning("ndes-pool-mapping"),), (), ("--application=/",)),
)

SERVICES = (
    S("iis-was", "WAS is stopped, and with it all", every(
        stopped, service("WAS", "Stopped", ExitCode=0), service("W3SVC", "Stopped", ExitCode=1077)), {},
      (critical("ndes-iis-stopped"),)),
    S("iis-w3svc", "W3SVC is stopped", service("W3SVC", "Stopped", ExitCode=1077), {}, (critical("ndes-iis-stopped"),)),
    S("iis-disabled", "W3SVC is disabled", service("W3SVC", "Stopped", start_mode="Disabled"), {},
      (critical("ndes-iis-stopped"),)),
    S("iis-specific", "W3SVC ended with a code of its own", service(
        "W3SVC", "Stopped", ExitCode=1066, ServiceSpecificExitCode=2147942405), {}, (critical("ndes-iis-stopped"),)),
    S("iis-starting", "the server has just started", every(stopped, service("W3SVC", "Start Pending")), {},
      (warning("ndes-iis-stopped"),)),
    S("iis-paused", "W3SVC is paused", service("W3SVC", "Paused"), {}, (critical("ndes-iis-stopped"),)),
    S("iis-wrongid", "IIS is stopped, and the account is another", service("W3SVC", "Stopped"), {},
      (critical("ndes-iis-stopped"), warning("ndes-pool-wrongid")), (), ("--identity=other",)),
    S("iis-hidden", "both services are hidden", every(lambda host: host.remove_service("WAS"),
                                                      lambda host: host.remove_service("W3SVC"))),
    S("iis-hidden-all", "all services are hidden", hide(CIMV2, "Win32_Service")),
    S("iis-hidden-stopped", "all services are hidden, the pool is stopped", every(
        stopped, hide(CIMV2, "Win32_Service")), {}, (critical("ndes-pool-stopped"),)),
)

SOURCES = (
    S("pool-only-counters", "counters alone", only_counters),
    S("pool-only-iis6", "metabase alone", only_iis6),
    S("pool-only-web", "webadministration alone", only_web),
    S("pool-counters-iis6", "counters and metabase", drop(WEB), apppool_args=AS),
    S("pool-counters-web", "counters and webadministration", drop(IIS6)),
    S("pool-iis6-web", "metabase and webadministration", hidden_counters, apppool_args=AS),
    S("pool-denied-web", "webadministration is denied", deny(WEB)),
    S("pool-denied-iis6", "the metabase is denied", deny(IIS6)),
    S("pool-denied-both", "both are denied, the counters tell", deny(WEB, IIS6)),
    S("pool-hidden-web", "webadministration shows nothing", hidden_pools),
    S("pool-no-events", "the log is not visible", every(no_event_log)),
    S("pool-least", "as few rights as can be: counters alone, nothing else shown", every(
        only_counters, hide(CIMV2, "Win32_Service"), hide(CIMV2, "Win32_NTLogEvent"))),
    S("pool-blind-hidden", "counters hidden, features not installed", every(hidden_counters, drop(WEB, IIS6)), {},
      (unknown("ndes-cim-rights"),)),
    S("pool-blind-denied", "counters hidden, namespaces denied", every(hidden_counters, deny(WEB, IIS6)), {},
      (unknown("ndes-cim-denied"),)),
    S("pool-blind-all", "everything is hidden", every(
        hidden_counters, hidden_pools, hide(IIS6, "IIsApplicationPoolSetting"), hide(CIMV2, "Win32_Service")), {},
      (unknown("ndes-cim-rights"),)),
    S("pool-blind-cimv2", "root/cimv2 is denied, features not installed", every(deny(CIMV2), drop(WEB, IIS6)), {},
      (unknown("ndes-cim-denied"),)),
    S("pool-denied-cimv2", "root/cimv2 is denied, the metabase tells", deny(CIMV2)),
    S("pool-blind-namespace", "no counters, features not installed", every(no_counters, drop(WEB, IIS6)), {},
      (unknown("ndes-cim-namespace"),)),
    S("pool-blind-unknown", "GetState does not know it", every(only_web, state_unknown), {}, (unknown("ndes-cim-rights"),)),
    S("pool-blind-class", "the classes are not there", no_classes, {}, (unknown("ndes-cim-class"),)),
    S("pool-blind-fault", "GetState fails", every(only_web, state_fails), {}, (unknown("ndes-winrm-fault"),)),
    S("pool-missing", "no such pool in any source", without_pool, {}, (unknown("ndes-pool-missing"),)),
    S("pool-missing-as", "the same, with an expected account", without_pool, {}, (unknown("ndes-pool-missing"),), (), AS),
    S("pool-missing-name", "a wrong name was given", None, {}, (unknown("ndes-pool-missing"),), (), ("--pool=NDES",)),
    S("pool-missing-iis6", "no such pool, without webadministration", every(without_pool, drop(WEB)), {},
      (unknown("ndes-pool-missing"),)),
    S("pool-missing-counters", "no such pool, by the counters alone", every(without_pool, only_counters), {},
      (unknown("ndes-pool-missing"),)),
    S("pool-missing-hidden", "the list of pools is hidden, and so nothing is missing", every(
        without_pool, hidden_pools, hidden_counters), {}, (unknown("ndes-cim-rights"),)),
)

SERVERS = (
    S("pool-one-row", "one row first, the others by Pull", server={"one_row_first": True}, apppool_args=AS),
    S("pool-one-row-identity", "the same, with an invalid identity", invalid_identity, {"one_row_first": True},
      (critical("ndes-pool-identity"),)),
    S("pool-small", "answers of few rows", many_pools, {"small_envelopes": True}),
    S("pool-plain-rows", "rows as elements of the class", drop(IIS6), {"fragments_off": True}, apppool_args=AS),
    S("pool-pretty", "white space round every value", invalid_identity, {"pretty": True},
      (critical("ndes-pool-identity"),)),
    S("pool-end-context", "an end beside a context", server={"end_with_context": True, "one_row_first": True}),
    S("pool-busy-first", "the first Pull times out", server={"busy_first": True, "one_row_first": True}),
    S("pool-quota", "too many operations", None, {"quota": True}, (unknown("ndes-winrm-quota"),)),
    S("pool-denied", "WinRM denies everything", None, {"denied": True}, (unknown("ndes-cim-denied"),)),
    S("pool-clock", "the server's clock is a day ahead", every(clock_ahead(86400), invalid_identity), {},
      (critical("ndes-pool-identity"),)),
    S("pool-clock-back", "the server's clock is a day behind", every(clock_ahead(-86400), invalid_identity), {},
      (critical("ndes-pool-identity"),)),
    S("pool-clock-window", "by the server's clock the events are old", every(
        invalid_identity, clock_ahead(86400)), {}, (critical("ndes-pool-stopped"),)),
    S("pool-slow", "answers take longer than allowed", None, {"delay": 0.1}, (warning("ndes-winrm-slow"),), (),
      ("-w", "0.3")),
)


def alone(rows, *names):
    """These rows (all, if none is named) change what check_ndes_connector looks at, too: it has rows of its own."""
    return tuple(dataclasses.replace(row, connector=None) if not names or row.name in names else row for row in rows)


APPPOOL = HEALTHY + IDENTITIES + \
    alone(STATES, "pool-stopped-blind", "pool-rapidfail-counters", "pool-identity-idle-clock") + alone(SERVICES) + \
    alone(SOURCES, "pool-no-events", "pool-least", "pool-blind-all", "pool-blind-cimv2", "pool-denied-cimv2") + \
    alone(SERVERS)
