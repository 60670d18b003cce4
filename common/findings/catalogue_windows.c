/* catalogue_windows.c - what is found by asking the Windows server: WinRM, the pool, the connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/findings/catalogue.h"

#define AT(id) [id - CATALOGUE_WINDOWS]

const struct catalogue_row catalogue_windows_rows[CATALOGUE_DIRECTORY - CATALOGUE_WINDOWS] = {
    AT(NDES_WINRM_REFUSED) = {"ndes-winrm-refused", STATE_CRITICAL, "no TCP connection to WinRM",
                              "host down, WinRM not enabled, no listener on this port, or a "
                              "firewall rejects",
                              "on the server: `winrm quickconfig`, then `winrm enumerate "
                              "winrm/config/listener`; check firewall and port (5985, with -S "
                              "5986)"},
    AT(NDES_WINRM_TLS) = {"ndes-winrm-tls", STATE_CRITICAL, "the TLS connection to WinRM fails",
                          "the certificate of the HTTPS listener has expired, is for another name "
                          "or from an unknown CA, or there is no TLS on this port",
                          "bind a good certificate to the listener (`winrm enumerate "
                          "winrm/config/listener`); for a private CA give its certificate by "
                          "--ca-cert"},
    AT(NDES_WINRM_TIMEOUT) = {"ndes-winrm-timeout", STATE_CRITICAL, "WinRM does not answer in time",
                              "firewall drops packets, host overloaded, or WMI hangs",
                              "check the path to the port; on the server `Get-Service "
                              "WinRM,Winmgmt`; give more time by -t"},
    AT(NDES_WINRM_SLOW) = {"ndes-winrm-slow", STATE_WARNING, "WinRM answers slowly",
                           "host under load, a slow domain controller at sign-in, or WMI that has "
                           "to start a provider first",
                           "see at -vv which request takes the time; load and memory of the "
                           "host; the size of its System log"},
    AT(NDES_WINRM_BROKEN) = {"ndes-winrm-broken", STATE_UNKNOWN, "the talk with WinRM broke off",
                             "the server or something in between cut the connection, or changed "
                             "an encrypted message",
                             "run the check again; look for a proxy or intrusion prevention in "
                             "between, and at the log Microsoft-Windows-WinRM/Operational"},
    AT(NDES_WINRM_TOOLARGE) = {"ndes-winrm-toolarge", STATE_UNKNOWN,
                               "an answer is larger than any that was asked for",
                               "another product answers, or the server sends without end",
                               "check host and port; what came was cut off at the limit and not "
                               "read"},
    AT(NDES_WINRM_SETTINGS) = {"ndes-winrm-settings", STATE_UNKNOWN, "this check cannot ask",
                               "a certificate, key, address or other option that cannot be used "
                               "here",
                               "check -J, -K, --ca-cert and --source-address"},
    AT(NDES_WINRM_MISSING) = {"ndes-winrm-missing", STATE_UNKNOWN, "no WinRM on this port",
                              "a web server or another product answers there, or WinRM has "
                              "another URL prefix",
                              "check host and port (5985, with -S 5986): `winrm enumerate "
                              "winrm/config/listener` on the server shows them"},
    AT(NDES_WINRM_SCHEME) = {"ndes-winrm-scheme", STATE_UNKNOWN,
                             "WinRM offers no common way to sign in",
                             "Negotiate and Kerberos are switched off in WinRM's service settings, "
                             "or Basic or certificates, which --auth asks for, are",
                             "on the server: `winrm get winrm/config/service/auth`; switch the "
                             "scheme on, or choose another by --auth"},
    AT(NDES_WINRM_TICKET) = {"ndes-winrm-ticket", STATE_UNKNOWN, "no Kerberos ticket to be had",
                             "no ticket cache or it has expired, unreadable keytab, realm or "
                             "domain controller not found, or a missing GSSAPI mechanism",
                             "`klist` as the user that runs the check; give --user with "
                             "--password-file or --keytab; check krb5.conf; for NTLM install "
                             "gss-ntlmssp"},
    AT(NDES_WINRM_LOGON) = {"ndes-winrm-logon", STATE_UNKNOWN, "WinRM refuses the sign-in",
                            "wrong user name or password, or the account may not enter by "
                            "network; a wrong SPN or clock can look alike with NTLM or SPNEGO",
                            "check --user and the password file; Security log event 4625 on the "
                            "server tells why; then the group Remote Management Users"},
    AT(NDES_WINRM_LOCKED) = {"ndes-winrm-locked", STATE_UNKNOWN,
                             "the monitoring account cannot sign in",
                             "it is locked, disabled or expired, or its password has expired",
                             "`Get-ADUser NAME -Properties LockedOut,Enabled,PasswordExpired`, "
                             "then mend that"},
    AT(NDES_WINRM_CLOCK) = {"ndes-winrm-clock", STATE_UNKNOWN,
                            "the sign-in fails because the clocks differ",
                            "time synchronisation is broken on the server or here; Kerberos allows "
                            "5 minutes",
                            "`w32tm /resync` on the server, `chronyc tracking` here"},
    AT(NDES_WINRM_SPN) = {"ndes-winrm-spn", STATE_UNKNOWN,
                          "the server's service principal name does not fit",
                          "the SPN is registered nowhere or on another account, or -H is an alias "
                          "or address of the host",
                          "give the server's own name in -H; `setspn -Q WSMAN/HOST`; or name the "
                          "right one by --service-name and --service-host"},
    AT(NDES_WINRM_UNENCRYPTED) = {"ndes-winrm-unencrypted", STATE_UNKNOWN,
                                  "WinRM refuses messages that are not encrypted",
                                  "the server demands encryption (AllowUnencrypted=false, as it "
                                  "should) and something in between took it off",
                                  "use the host directly, without a proxy in between; leave "
                                  "AllowUnencrypted as it is"},
    AT(NDES_WINRM_QUOTA) = {"ndes-winrm-quota", STATE_UNKNOWN, "WinRM is busy: a quota is used up",
                            "too many operations of this user at the same time, by other programs "
                            "or by those that were killed",
                            "use an account for monitoring alone; `winrm get "
                            "winrm/config/service` shows MaxConcurrentOperationsPerUser"},
    AT(NDES_WINRM_FAULT) = {"ndes-winrm-fault", STATE_UNKNOWN, "WinRM or WMI reports a fault",
                            "WMI is damaged, overloaded or refuses the request; the code says why",
                            "try the same with `Get-CimInstance` on the server; `winmgmt "
                            "/verifyrepository`"},
    AT(NDES_CIM_DENIED) = {"ndes-cim-denied", STATE_UNKNOWN, "access denied",
                           "the monitoring account lacks the right to use WinRM, the WMI namespace "
                           "or the registry key",
                           "give it the right that is named above; if none is, put it into Remote "
                           "Management Users and give it Enable "
                           "Account, Remote Enable and Execute Methods on the namespace; see the "
                           "page on WinRM set-up"},
    AT(NDES_CIM_NAMESPACE) =
        {"ndes-cim-namespace", STATE_UNKNOWN,
         "a source of this check is not installed on the server",
         "the IIS management features (or IIS itself) are not installed, or the counters "
         "are damaged",
         "`Install-WindowsFeature Web-Scripting-Tools` (or Web-WMI), or "
         "`lodctr /R` to rebuild the counters"},
    AT(NDES_CIM_CLASS) = {"ndes-cim-class", STATE_UNKNOWN,
                          "the server does not know what was asked for",
                          "a Windows component, its WMI provider or its event log is not "
                          "installed or not registered",
                          "check that the role or program is installed on this host; `winmgmt "
                          "/verifyrepository`, then `lodctr /R`"},
    AT(NDES_CIM_RIGHTS) = {"ndes-cim-rights", STATE_UNKNOWN,
                           "the server hides what the account may not see",
                           "Windows shows a non-administrator only what he may read, without an "
                           "error",
                           "give the account the right that is named above; see the page on WinRM "
                           "set-up"},
    AT(NDES_IIS_STOPPED) = {"ndes-iis-stopped", STATE_CRITICAL, "IIS is not running",
                            "service WAS or W3SVC was stopped, is disabled or failed to start",
                            "on the server: `Start-Service WAS,W3SVC`; if that fails, the System "
                            "log says why (Service Control Manager, WAS)"},
    AT(NDES_POOL_STOPPED) = {"ndes-pool-stopped", STATE_CRITICAL,
                             "the application pool is stopped: NDES answers 503",
                             "stopped by hand, or IIS switched it off: no worker process could be "
                             "created, identity invalid or crashes",
                             "`Start-WebAppPool SCEP`; if it stops again, see WAS events 5002, "
                             "5021, 5022, 5057, 5059 in the System log"},
    AT(NDES_POOL_RAPIDFAIL) = {"ndes-pool-rapidfail", STATE_CRITICAL,
                               "rapid-fail protection has switched the application pool off",
                               "its worker process crashed several times in a row: policy module, "
                               "revocation check, or an intermediate in LocalMachine\\Root",
                               "Application log event 1000 names the module that crashed; mend "
                               "that, then `Start-WebAppPool SCEP`"},
    AT(NDES_POOL_IDENTITY) =
        {"ndes-pool-identity", STATE_CRITICAL,
         "the identity of the application pool is invalid: NDES answers 503, or will at the next "
         "request",
         "the service account's password has expired or was changed, the account is locked or "
         "disabled, or lacks the right to log on as a batch job",
         "mend the account in AD, enter its password in the pool's identity, then "
         "`Start-WebAppPool SCEP`, or `Restart-WebAppPool SCEP` if it is still started"},
    AT(NDES_POOL_WRONGID) = {"ndes-pool-wrongid", STATE_WARNING,
                             "the application pool runs under another identity",
                             "IIS or NDES was installed again, or the identity was changed by hand",
                             "set the intended identity in the pool's advanced settings, or "
                             "correct --identity"},
    AT(NDES_POOL_MISSING) = {"ndes-pool-missing", STATE_UNKNOWN,
                             "there is no application pool of this name",
                             "the pool has another name, or the NDES role was removed",
                             "`Get-IISAppPool` on the server; give the name by --pool, or install "
                             "the role again"},
    AT(NDES_POOL_PENDING) = {"ndes-pool-pending", STATE_WARNING,
                             "the application pool is between two states",
                             "it is starting or stopping; if this lasts, a worker process hangs",
                             "if it stays so: end its w3wp.exe, then `Start-WebAppPool SCEP`"},
    AT(NDES_POOL_MAPPING) = {"ndes-pool-mapping", STATE_WARNING,
                             "an NDES application runs in another pool",
                             "the application was moved or created again in the default pool, "
                             "whose identity has no rights on the RA keys",
                             "set the application pool of /CertSrv/mscep and /CertSrv/mscep_admin "
                             "back"},
    AT(NDES_POOL_CRASHING) = {"ndes-pool-crashing", STATE_WARNING,
                              "the application pool is not stable",
                              "worker processes crash, hang or are recycled again and again: "
                              "policy module, memory, a DLL",
                              "Application log event 1000 names the module, WAS events 5009 and "
                              "5011 the process; check the pool's recycling settings"},
    AT(NDES_POOL_STATE) =
        {"ndes-pool-state", STATE_UNKNOWN, "the state file cannot be used",
         "its directory is missing or not writable for the user that runs the check, the "
         "disk is full, another run hangs and holds its lock, the clock was set back, or the "
         "file is not this check's own",
         "give that user the directory, and each service of each check a file of its own; remove "
         "a file that is damaged or of no use any more"},
    AT(NDES_CONN_STOPPED) = {"ndes-conn-stopped", STATE_CRITICAL,
                             "a service of the Intune connector is stopped",
                             "it crashed, could not log on, or an update failed",
                             "start it; if it stops again check its account and the event log of "
                             "the connector"},
    AT(NDES_CONN_PENDING) = {"ndes-conn-pending", STATE_WARNING,
                             "a service of the Intune connector does not finish starting",
                             "its first call to Intune hangs: a proxy that wants a password, TLS "
                             "inspection, or a closed way out",
                             "open the Intune endpoints for the server, without authentication "
                             "and TLS inspection; then restart the service"},
    AT(NDES_CONN_DISABLED) = {"ndes-conn-disabled", STATE_CRITICAL,
                              "a service of the Intune connector is disabled",
                              "somebody disabled it although it must run: the core service, or "
                              "one whose feature is switched on",
                              "set its start type to Automatic and start it"},
    AT(NDES_CONN_MISSING) = {"ndes-conn-missing", STATE_CRITICAL,
                             "a service of the Intune connector is not installed",
                             "incomplete installation or removal, or another host",
                             "run the connector's set-up again, or name the services by --service"},
    AT(NDES_CONN_OUTDATED) = {"ndes-conn-outdated", STATE_WARNING,
                              "the Intune connector is out of support",
                              "auto-update is blocked; versions are supported for six months after "
                              "a newer one appears and work for 18",
                              "open autoupdate.msappproxy.net:443 for the server, or install the "
                              "current version from the Intune admin center"},
    AT(NDES_CONN_SID) = {"ndes-conn-sid", STATE_WARNING,
                         "this connector issues certificates without strong mapping (KB5014754)",
                         "connectors before 6.2406.0.1001 do not write the SID that domain "
                         "controllers demand since 2025",
                         "update the connector, on Windows Server 2019 or later"},
    AT(NDES_CONN_STALE) = {"ndes-conn-stale", STATE_WARNING,
                           "the Intune connector does not check in",
                           "proxy authentication, TLS inspection, wrong clock or missing root "
                           "certificates on its way out",
                           "restore the way from the server to manage.microsoft.com; see the log "
                           "Microsoft-Intune-CertificateConnectors/Operational"},
    AT(NDES_CONN_CERT) = {"ndes-conn-cert", STATE_CRITICAL,
                          "the connector's client certificate is not good",
                          "auto-renewal failed, or the certificate was deleted",
                          "sign in again in the connector's set-up: that enrols a new one"},
    AT(NDES_CONN_REQUESTS) = {"ndes-conn-requests", STATE_WARNING,
                              "requests fail inside the Intune connector",
                              "the CA denies, a template is wrong, or results cannot be uploaded",
                              "read the details of these events in the connector's log"},
    AT(NDES_CONN_DATA) =
        {"ndes-conn-data", STATE_UNKNOWN,
         "a value of the Intune connector is missing or not understood",
         "the connector has never worked, or another version of it keeps this value "
         "differently",
         "check the connector on the server; if it is well report what is quoted "
         "above, and leave this part out by --skip until then"},
    AT(NDES_CONN_STATE) =
        {"ndes-conn-state", STATE_UNKNOWN, "the state file cannot be used",
         "its directory is missing or not writable for the user that runs the check, the "
         "disk is full, another run hangs and holds its lock, the clock was set back, or the "
         "file is not this check's own",
         "give that user the directory, and each service of each check a file of its own; remove "
         "a file that is damaged or of no use any more"},
};
