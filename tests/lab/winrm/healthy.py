# A healthy server: Windows Server 2019 with IIS, NDES in pool SCEP and the unified Intune connector.
# SPDX-License-Identifier: GPL-3.0-or-later
"""healthy() makes a new Host of that kind; nothing in it raises an alarm."""
import datetime

from .. import keys, pki
from . import host as model
from .host import CIMV2, CONNECTOR_KEY, DEFAULT, ERROR, IIS6, INFORMATION, MSCEP_KEY, PRODUCT_KEY, REG_DWORD, \
    REG_MULTI_SZ, REG_SZ, STATUS_KEY, UNINSTALL_KEY, WAS_PROVIDER, WARNING, WEB, Embedded, Host, Table
from .ntlog import ntlog_table
from .services import service_table

POOL_PASSWORD = "P00l-Secret-Never-Shown"
IDENTITY = r"NDESTEST\svc-ndes"
VERSION = "6.2406.0.2002"
CONNECTOR_NAME = "Certificate Connector for Microsoft Intune"
CONNECTOR_CA = "Microsoft Intune ImportPFX Connector CA"
UPTIME = 9 * 86400
SPECIFIC_USER, POOL_IDENTITY = 3, 4


def connector_certificate(now, begin=-40, end=320, issuer=CONNECTOR_CA):
    """DER of a client certificate as the connector has one; validity in days from now, which is the server's."""
    authority = pki.issue(pki.name(issuer), keys.key("intune-ca"), pki.days(-900, 2700, now),
                          [pki.basic_constraints()], number=11)
    return pki.issue(pki.name("8f1e7f0e-2b5b-4f6c-9a53-0d1cf6b7a001"), keys.key("intune-connector"),
                     pki.days(begin, end, now),
                     [pki.key_usage("digitalSignature", "keyEncipherment"), pki.extended_usage(pki.CLIENT_AUTH)],
                     authority, 12).der


def operating_system(host):
    boot = host.now().replace(microsecond=500000) - datetime.timedelta(seconds=UPTIME)
    return Table([{
        "BootDevice": r"\Device\HarddiskVolume1", "BuildNumber": "17763",
        "Caption": "Microsoft Windows Server 2019 Standard", "CSName": host.name, "CurrentTimeZone": 60,
        "InstallDate": boot - datetime.timedelta(days=300), "LastBootUpTime": boot, "LocalDateTime": host.now,
        "Locale": "0409", "MUILanguages": ["en-US"], "Name": r"Microsoft Windows Server 2019 Standard|C:\Windows",
        "OSArchitecture": "64-bit", "OSLanguage": 1033, "Primary": True, "ProductType": 3, "ServicePackMajorVersion": 0,
        "Status": "OK", "Version": "10.0.17763", "WindowsDirectory": r"C:\Windows"}])


def counters(name, state=3, workers=1, recycles=2):
    """A row of APPPOOLWAS; uptime is in seconds."""
    return {
        "Caption": None, "CurrentApplicationPoolState": state, "CurrentApplicationPoolUptime": UPTIME,
        "CurrentWorkerProcesses": workers, "Description": None, "Frequency_Object": 0, "Frequency_PerfTime": 10000000,
        "Frequency_Sys100NS": 10000000, "MaximumWorkerProcesses": max(workers, 1), "Name": name,
        "RecentWorkerProcessFailures": 0, "TimeSinceLastWorkerProcessFailure": 0, "Timestamp_Object": 0,
        "Timestamp_PerfTime": 0, "Timestamp_Sys100NS": 0, "TotalApplicationPoolRecycles": recycles,
        "TotalApplicationPoolUptime": UPTIME, "TotalWorkerProcessesCreated": recycles + workers,
        "TotalWorkerProcessFailures": 0, "TotalWorkerProcessPingFailures": 0, "TotalWorkerProcessShutdownFailures": 0,
        "TotalWorkerProcessStartupFailures": 0}


def pool(name, pipeline, identity_type, user="", password=""):
    """A row of ApplicationPool; State is no property of the class: it is what GetState gives."""
    model_object = Embedded("ProcessModel", {"IdentityType": identity_type, "IdleTimeout": 0, "LoadUserProfile": True,
                                             "MaxProcesses": 1, "Password": password, "UserName": user})
    return {"AutoStart": True, "Enable32BitAppOnWin64": False, "ManagedPipelineMode": pipeline,
            "ManagedRuntimeVersion": "v4.0", "Name": name, "PassAnonymousToken": True, "ProcessModel": model_object,
            "QueueLength": 1000, "State": 1}


POOL_COLUMNS = ("AutoStart", "Enable32BitAppOnWin64", "ManagedPipelineMode", "ManagedRuntimeVersion", "Name",
                "PassAnonymousToken", "ProcessModel", "QueueLength")


def iis6_pool(name, identity_type, user="", password=""):
    return {"AppPoolAutoStart": True, "AppPoolIdentityType": identity_type, "AppPoolQueueLength": 1000,
            "AppPoolState": 2, "Caption": None, "Description": None, "IdleTimeout": 0, "Name": f"W3SVC/AppPools/{name}",
            "WAMUserName": user, "WAMUserPass": password}


def application(path, pool_name):
    return {"ApplicationPool": pool_name, "EnabledProtocols": "http", "Path": path, "SiteName": "Default Web Site"}


def add_iis(host):
    host.namespaces[CIMV2][model.APPPOOLWAS] = Table(
        [counters("SCEP"), counters("DefaultAppPool", 2, 0, 0), counters("_Total", 0)])
    host.namespaces[WEB] = {
        "ApplicationPool": Table([pool("DefaultAppPool", 0, POOL_IDENTITY),
                                  pool("SCEP", 1, SPECIFIC_USER, IDENTITY, POOL_PASSWORD)], POOL_COLUMNS),
        "Application": Table([application("/", "DefaultAppPool"), application("/CertSrv/mscep", "SCEP"),
                              application("/CertSrv/mscep_admin", "SCEP")], keys=("Path", "SiteName")),
        "Site": Table([{"Id": 1, "Name": "Default Web Site", "ServerAutoStart": True, "State": 1}],
                      ("Id", "Name", "ServerAutoStart"))}
    host.namespaces[IIS6] = {
        "IIsApplicationPoolSetting": Table([iis6_pool("DefaultAppPool", POOL_IDENTITY),
                                            iis6_pool("SCEP", SPECIFIC_USER, IDENTITY, POOL_PASSWORD)])}


def add_registry(host):
    for name, version, key in (("Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33135", "14.38.33135.0",
                                "{c649ede4-f16a-4486-a117-dcc2f2a35165}"),
                               ("Microsoft Edge", "126.0.2592.81", "Microsoft Edge"),
                               (CONNECTOR_NAME, VERSION, PRODUCT_KEY.rpartition("\\")[2])):
        for value, data in (("DisplayName", name), ("DisplayVersion", version), ("Publisher", "Microsoft Corporation")):
            host.set_registry(f"{UNINSTALL_KEY}\\{key}", value, REG_SZ, data)
    for feature in ("EnableSCEP", "EnablePFxCreate", "EnablePFxImport", "EnableRevocation"):
        host.set_feature(feature, True)
    host.set_registry(CONNECTOR_KEY, "InstallFolder", REG_SZ,
                      r"C:\Program Files\Microsoft Intune\PFXCertificateConnector" + "\\")
    host.set_last_connection(1)
    host.set_registry(STATUS_KEY, "IssueDetails", REG_SZ, "")
    host.set_connector_certificate(connector_certificate(host.now()))
    for template in ("SignatureTemplate", "EncryptionTemplate", "GeneralPurposeTemplate"):
        host.set_registry(MSCEP_KEY, template, REG_SZ, "NDESIntuneUser")
    for name, number in (("PasswordLength", 8), ("PasswordMax", 5), ("PasswordValidity", 60), ("EnforcePassword", 1)):
        host.set_registry(f"{MSCEP_KEY}\\{name}", name, REG_DWORD, number)
    host.set_registry(f"{MSCEP_KEY}\\CACapabilitiesAlgorithms", "CACapabilitiesAlgorithms", REG_MULTI_SZ,
                      ["SHA-512", "SHA-256", "AES"])


def add_events(host):
    """Heartbeats, requests that went well, some noise, and a recycle of the pool long ago."""
    for hour in range(24):
        host.log_event(host.operational_log, 5000, INFORMATION, 10 + 60 * hour,
                       "HealthMessageUploadSuccess: the health message was uploaded.")
    for number in range(6):
        device = f"DEVICE-{number:04}"
        host.log_event(host.operational_log, 4003, INFORMATION, 31 + 90 * number,
                       f"ScepRequestReceived: a request of {device} was received.", [device])
        host.log_event(host.admin_log, 4000, INFORMATION, 30 + 90 * number,
                       f"ScrepRequestSuccess: a certificate was issued to {device}.", [device])
    for number, level, minutes, text, data in (
            (5074, INFORMATION, 3 * 1440, "A worker process with process id of '4711' serving application pool 'SCEP' "
             "has requested a recycle because the worker process reached its allowed processing time limit.",
             ("4711", "SCEP", "")),
            (5186, INFORMATION, 2 * 1440, "A worker process with process id of '4712' serving application pool "
             "'DefaultAppPool' was shutdown due to inactivity.", ("4712", "DefaultAppPool"))):
        host.log_event("System", number, level, minutes, text, data, WAS_PROVIDER)
    host.log_event("System", 7036, INFORMATION, 95, "The Windows Update service entered the stopped state.",
                   ("Windows Update", "stopped"), "Service Control Manager")
    host.log_event("System", 36871, WARNING, 700, "A fatal error occurred while creating a TLS client credential.",
                   ("client", "10013"), "Schannel")
    host.log_event("Application", 1000, ERROR, 6 * 1440, "Faulting application name: backup.exe",
                   ("backup.exe", "1.0.0.0"), "Application Error")


def healthy(name="NDES01", at=None):
    """at: as for Host."""
    host = Host(name, at)
    host.namespaces[CIMV2] = {"Win32_Service": service_table(name), "Win32_OperatingSystem": operating_system(host),
                              "Win32_NTLogEvent": ntlog_table(host), "StdRegProv": Table()}
    host.namespaces[DEFAULT] = {"StdRegProv": Table()}
    add_iis(host)
    add_registry(host)
    add_events(host)
    return host
