# The services of a healthy Windows Server 2019 with IIS, NDES and the Intune connector.
# SPDX-License-Identifier: GPL-3.0-or-later
"""service_table(host name) makes the rows of Win32_Service."""
from .host import Table

SYSTEM, LOCAL, NETWORK = "LocalSystem", r"NT AUTHORITY\LocalService", r"NT AUTHORITY\NetworkService"
SVCHOST = r"C:\Windows\system32\svchost.exe -k "
CONNECTOR = r'"C:\Program Files\Microsoft Intune\PFXCertificateConnector\{}.exe"'

# Name, display name, state (R running, S stopped, N never started), start mode, account, group of svchost or a path
ORDINARY = r"""
AppIDSvc|Application Identity|N|Manual|L|LocalServiceNetworkRestricted
Appinfo|Application Information|R|Manual|S|netsvcs
AppMgmt|Application Management|N|Manual|S|netsvcs
AudioEndpointBuilder|Windows Audio Endpoint Builder|N|Manual|S|LocalSystemNetworkRestricted
BFE|Base Filtering Engine|R|Auto|L|LocalServiceNoNetwork
BITS|Background Intelligent Transfer Service|N|Manual|S|netsvcs
BrokerInfrastructure|Background Tasks Infrastructure Service|R|Auto|S|DcomLaunch
CertPropSvc|Certificate Propagation|R|Manual|S|netsvcs
COMSysApp|COM+ System Application|R|Manual|S|C:\Windows\system32\dllhost.exe
CryptSvc|Cryptographic Services|R|Auto|N|NetworkService
DcomLaunch|DCOM Server Process Launcher|R|Auto|S|DcomLaunch
defragsvc|Optimize drives|N|Manual|S|defragsvc
Dhcp|DHCP Client|R|Auto|L|LocalServiceNetworkRestricted
DiagTrack|Connected User Experiences and Telemetry|R|Auto|S|utcsvc
Dnscache|DNS Client|R|Auto|N|NetworkService
DPS|Diagnostic Policy Service|R|Auto|L|LocalServiceNoNetwork
DsmSvc|Device Setup Manager|N|Manual|S|netsvcs
EventLog|Windows Event Log|R|Auto|L|LocalServiceNetworkRestricted
EventSystem|COM+ Event System|R|Auto|L|LocalService
FontCache|Windows Font Cache Service|R|Auto|L|LocalService
gpsvc|Group Policy Client|R|Auto|S|netsvcs
hidserv|Human Interface Device Service|N|Manual|S|LocalSystemNetworkRestricted
IKEEXT|IKE and AuthIP IPsec Keying Modules|R|Auto|S|netsvcs
KeyIso|CNG Key Isolation|R|Manual|S|C:\Windows\system32\lsass.exe
LanmanServer|Server|R|Auto|S|netsvcs
LanmanWorkstation|Workstation|R|Auto|N|NetworkService
MpsSvc|Windows Defender Firewall|R|Auto|L|LocalServiceNoNetwork
MSDTC|Distributed Transaction Coordinator|R|Auto|N|C:\Windows\System32\msdtc.exe
Netlogon|Netlogon|R|Auto|S|C:\Windows\system32\lsass.exe
Netman|Network Connections|N|Manual|S|LocalSystemNetworkRestricted
netprofm|Network List Service|R|Manual|L|LocalService
NlaSvc|Network Location Awareness|R|Auto|N|NetworkService
nsi|Network Store Interface Service|R|Auto|L|LocalService
PlugPlay|Plug and Play|R|Manual|S|DcomLaunch
PolicyAgent|IPsec Policy Agent|R|Manual|N|NetworkServiceNetworkRestricted
Power|Power|R|Auto|S|DcomLaunch
ProfSvc|User Profile Service|R|Auto|S|netsvcs
RasMan|Remote Access Connection Manager|N|Manual|S|netsvcs
RemoteAccess|Routing and Remote Access|N|Disabled|S|netsvcs
RemoteRegistry|Remote Registry|N|Auto|L|localService
RpcEptMapper|RPC Endpoint Mapper|R|Auto|N|RPCSS
RpcSs|Remote Procedure Call (RPC)|R|Auto|N|rpcss
SamSs|Security Accounts Manager|R|Auto|S|C:\Windows\system32\lsass.exe
Schedule|Task Scheduler|R|Auto|S|netsvcs
seclogon|Secondary Logon|N|Manual|S|netsvcs
SENS|System Event Notification Service|R|Auto|S|netsvcs
ShellHWDetection|Shell Hardware Detection|R|Auto|S|netsvcs
Spooler|Print Spooler|R|Auto|S|C:\Windows\System32\spoolsv.exe
sppsvc|Software Protection|S|Auto|N|C:\Windows\system32\sppsvc.exe
SysMain|SysMain|R|Auto|S|LocalSystemNetworkRestricted
TermService|Remote Desktop Services|R|Manual|N|NetworkService
TrustedInstaller|Windows Modules Installer|N|Manual|S|C:\Windows\servicing\TrustedInstaller.exe
UmRdpService|Remote Desktop Services UserMode Port Redirector|R|Manual|S|LocalSystemNetworkRestricted
VSS|Volume Shadow Copy|N|Manual|S|C:\Windows\system32\vssvc.exe
W32Time|Windows Time|R|Auto|L|LocalService
WinDefend|Windows Defender Antivirus Service|R|Auto|S|C:\ProgramData\Microsoft\Windows Defender\MsMpEng.exe
Winmgmt|Windows Management Instrumentation|R|Auto|S|netsvcs
wuauserv|Windows Update|N|Manual|S|netsvcs
WMSVC|Web Management Service|N|Manual|L|C:\Windows\system32\inetsrv\wmsvc.exe
W3SVC|World Wide Web Publishing Service|R|Auto|S|iissvcs
WAS|Windows Process Activation Service|R|Manual|S|iissvcs
WinRM|Windows Remote Management (WS-Management)|R|Auto|N|NetworkService
"""
CONNECTOR_SERVICES = (
    ("PFXCertificateConnectorSvc", "PFX Certificate Connector for Microsoft Intune", "Microsoft.Intune.Connectors"),
    ("PkiCreateConnectorSvc", "PFX Create Certificate Connector for Microsoft Intune",
     "Microsoft.Intune.ConnectorsPkiCreate"),
    ("PfxCreateLegacyConnectorSvc", "PFX Create Legacy Connector for Microsoft Intune",
     "Microsoft.Intune.ConnectorsPkiCreateLegacy"),
    ("PkiRevokeConnectorSvc", "PFX Revoke Certificate Connector for Microsoft Intune",
     "Microsoft.Intune.ConnectorsPkiRevoke"),
)
UPDATER = ("AzureADConnectAgentUpdater", "Microsoft Azure AD Connect Agent Updater",
           r'"C:\Program Files\Microsoft Azure AD Connect Agent Updater\AzureADConnectAgentUpdater.exe"')
ACCOUNTS = {"S": SYSTEM, "L": LOCAL, "N": NETWORK}
NEVER_STARTED = 1077


def service_row(system, name, display, state, start_mode, account, path, process):
    """All columns of a service; state as in ORDINARY."""
    running = state == "R"
    return {
        "AcceptPause": False, "AcceptStop": running, "Caption": display, "CheckPoint": 0,
        "CreationClassName": "Win32_Service", "DelayedAutoStart": name in ("sppsvc", "RemoteRegistry"),
        "Description": display, "DesktopInteract": False, "DisplayName": display, "ErrorControl": "Normal",
        "ExitCode": NEVER_STARTED if state == "N" else 0, "InstallDate": None, "Name": name, "PathName": path,
        "ProcessId": process if running else 0, "ServiceSpecificExitCode": 0,
        "ServiceType": "Share Process" if "svchost" in path else "Own Process", "Started": running,
        "StartMode": start_mode, "StartName": account, "State": "Running" if running else "Stopped", "Status": "OK",
        "SystemCreationClassName": "Win32_ComputerSystem", "SystemName": system, "TagId": 0, "WaitHint": 0}


def service_table(system):
    rows = []
    for line in ORDINARY.strip().splitlines():
        name, display, state, start_mode, account, group = line.split("|")
        path = group if ":" in group else SVCHOST + group
        rows.append(service_row(system, name, display, state, start_mode, ACCOUNTS[account], path,
                                700 + 4 * len(rows)))
    for name, display, program in CONNECTOR_SERVICES:
        rows.append(service_row(system, name, display, "R", "Auto", SYSTEM, CONNECTOR.format(program),
                                3000 + 4 * len(rows)))
    name, display, path = UPDATER
    rows.append(service_row(system, name, display, "R", "Auto", SYSTEM, path, 4000))
    return Table(sorted(rows, key=lambda row: row["Name"].lower()))
