/* catalogue.c - everything that a plugin can find, each with its cause and remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/findings/catalogue.h"

#include "common/base/text.h"

static const struct catalogue_row rows[CATALOGUE_WINDOWS] = {
    [NDES_NET_DNS] = {"ndes-net-dns", STATE_CRITICAL, "the host name does not resolve",
                      "DNS record removed or renamed, split DNS, or a resolver that is down",
                      "restore the record; compare `nslookup NAME` here and on a device's network"},
    [NDES_NET_REFUSED] = {"ndes-net-refused", STATE_CRITICAL, "no TCP connection to the server",
                          "host down, service W3SVC stopped, wrong port, or a firewall rejects",
                          "on the server: `Get-Service W3SVC,WAS`, start them; then check firewall "
                          "and port"},
    [NDES_NET_PROXY] = {"ndes-net-proxy", STATE_CRITICAL, "the proxy refuses the connection",
                        "the proxy wants a password, does not allow this host or port, or cannot "
                        "reach the server",
                        "allow the host and port on the proxy of -x for this machine without a "
                        "password (proxies that want one are not supported), or leave out -x"},
    [NDES_TLS_EXPIRED] = {"ndes-tls-expired", STATE_CRITICAL,
                          "the server's TLS certificate has expired or soon will",
                          "the certificate of the IIS binding (or of the proxy in front) was not "
                          "renewed; if it is not valid yet, a clock is wrong",
                          "renew it and select the new one in the https binding of the web site"},
    [NDES_TLS_NAME] = {"ndes-tls-name", STATE_CRITICAL,
                       "the server's TLS certificate is for another name",
                       "a wrong or internal certificate is bound, or devices use an alias of the "
                       "host",
                       "bind a certificate with the name that devices use as a subject "
                       "alternative name"},
    [NDES_TLS_CHAIN] = {"ndes-tls-chain", STATE_CRITICAL,
                        "the server's TLS certificate is not trusted",
                        "an intermediate is not sent, or the issuing CA is not trusted here",
                        "install the intermediates on the server; for a private CA give its "
                        "certificate by --ca-cert"},
    [NDES_TLS_CLIENT] = {"ndes-tls-client", STATE_CRITICAL,
                         "the server demands a client certificate",
                         "the site requires client certificates, which enrolling devices do not "
                         "have yet",
                         "set SSL Settings of the SCEP application to ignore client certificates; "
                         "or give -J and -K"},
    [NDES_TLS_HANDSHAKE] = {"ndes-tls-handshake", STATE_CRITICAL, "the TLS handshake fails",
                            "no TLS on this port, only old protocol versions or ciphers, or a "
                            "middlebox cuts in",
                            "check port and https binding; enable TLS 1.2 on the server"},
    [NDES_HTTP_TIMEOUT] = {"ndes-http-timeout", STATE_CRITICAL, "no answer in time",
                           "firewall drops packets, the pool is overloaded, or NDES waits for its "
                           "CA or for revocation checks",
                           "check the path to the port; on the server check that CA and CRL "
                           "addresses are reachable"},
    [NDES_HTTP_SLOW] = {"ndes-http-slow", STATE_WARNING, "the answers are slow",
                        "server under load, slow CA or revocation checks, or the first request "
                        "after a recycle",
                        "see which step takes the time (-v), then that system"},
    [NDES_HTTP_500] = {"ndes-http-500", STATE_CRITICAL, "NDES does not start: HTTP 500",
                       "service account locked or expired, RA certificate expired, RA key "
                       "unreadable, revocation check fails, or IIS_IUSRS lacks the right "
                       "'Impersonate a client after authentication'",
                       "read events 2 and 10 of NetworkDeviceEnrollmentService in the Application "
                       "log; run check_ndes_racert"},
    [NDES_HTTP_502] = {"ndes-http-502", STATE_CRITICAL, "a proxy cannot talk to NDES: HTTP 502",
                       "the proxy in front cannot reach the server, or distrusts its certificate",
                       "check the proxy's back-end connection; run this check against the server "
                       "directly with -I ADDRESS"},
    [NDES_HTTP_503] = {"ndes-http-503", STATE_CRITICAL,
                       "the application pool does not serve: HTTP 503",
                       "pool SCEP is stopped or disabled: identity invalid (password expired or "
                       "changed, account locked) or rapid-fail protection after crashes",
                       "see WAS events 5002, 5021, 5057, 5059 in the System log, mend the account, "
                       "then `Start-WebAppPool SCEP`"},
    [NDES_HTTP_504] = {"ndes-http-504", STATE_CRITICAL,
                       "the publishing proxy gets no answer: HTTP 504",
                       "the Entra application proxy connector (service WAPCSvc) is stopped or cut "
                       "off, or NDES hangs",
                       "start WAPCSvc on the connector host; run this check against the server "
                       "directly with -I ADDRESS"},
    [NDES_HTTP_404] =
        {"ndes-http-404", STATE_CRITICAL, "NDES is not at this URL: HTTP 404",
         "role removed, wrong path or web site, or the ISAPI restriction blocks "
         "mscep.dll (404.2 in the IIS log)",
         "check the URL; check application /CertSrv/mscep in IIS and allow mscep.dll"},
    [NDES_HTTP_403] = {"ndes-http-403", STATE_CRITICAL, "SCEP requests are forbidden: HTTP 403",
                       "IP restriction, client certificate required, or a firewall rule; the bare "
                       "URL alone would look healthy for Intune",
                       "correct the IIS restrictions of /CertSrv/mscep; see the 403 sub-status in "
                       "the IIS log"},
    [NDES_HTTP_STATUS] = {"ndes-http-status", STATE_CRITICAL, "unexpected HTTP status",
                          "another product, a proxy or changed IIS settings answer at this URL",
                          "look at the status and Server header below; check URL and publishing "
                          "rule"},
    [NDES_HTTP_REDIRECT] = {"ndes-http-redirect", STATE_WARNING,
                            "the server redirects SCEP requests",
                            "an http-to-https or log-in redirect; most SCEP clients do not follow",
                            "publish the SCEP URL itself without redirect or pre-authentication"},
    [NDES_HTTP_BROKEN] = {"ndes-http-broken", STATE_CRITICAL, "the answer is not proper HTTP",
                          "another protocol on this port, or something cut the connection",
                          "check port and -S; look for a proxy or intrusion prevention in between"},
    [NDES_HTTP_TOOLARGE] = {"ndes-http-toolarge", STATE_CRITICAL,
                            "the answer is larger than any SCEP answer",
                            "another product answers at this URL",
                            "check the URL: the answer was cut off at the limit and not read"},
    [NDES_HTTP_BLANK] = {"ndes-http-blank", STATE_CRITICAL, "empty answer with status 200",
                         "old server without its hotfix, or a proxy strips the body",
                         "patch the server; compare with a request on the server itself"},
    [NDES_HTTP_HTML] = {"ndes-http-html", STATE_CRITICAL, "a web page answers instead of SCEP data",
                        "pre-authentication, captive portal, a log-in page, or another product",
                        "publish /certsrv/mscep as pass-through, without pre-authentication"},
    [NDES_HTTP_POLICY] = {"ndes-http-policy", STATE_CRITICAL,
                          "the Intune policy module is not loaded",
                          "connector not installed or registered, restart pending, or module lost "
                          "in an update",
                          "run the connector's set-up again and restart the server; without Intune "
                          "use --profile=ndes"},
    [NDES_HTTP_CAPS] =
        {"ndes-http-caps", STATE_WARNING, "a required capability is not offered",
         "old server, or CACapabilitiesAlgorithms in the MSCEP registry key",
         "set CACapabilitiesAlgorithms, then `iisreset`; iOS needs POSTPKIOperation"},
    [NDES_CACERT_INVALID] = {"ndes-cacert-invalid", STATE_CRITICAL,
                             "GetCACert does not answer with certificates",
                             "another product answers, or a proxy damages binary answers",
                             "save the answer with curl and look at it with `openssl pkcs7 -inform "
                             "DER -print_certs`"},
    [NDES_URL_LIMIT] = {"ndes-url-limit", STATE_CRITICAL, "long SCEP requests are refused",
                        "HTTP.sys defaults of 16384 bytes, IIS maxQueryString 2048, or a proxy's "
                        "limit",
                        "raise the limit of the layer named above (HTTP.sys: MaxFieldLength and "
                        "MaxRequestBytes 65534, then restart the server; IIS: maxQueryString)"},
    [NDES_TIME_SKEW] = {"ndes-time-skew", STATE_WARNING, "the clocks differ",
                        "time synchronisation is broken on the server or here",
                        "`w32tm /resync` on the server, `chronyc tracking` here"},
    [NDES_HTTP_SETTINGS] = {"ndes-http-settings", STATE_UNKNOWN, "this check cannot ask",
                            "a certificate, key, address or proxy option that libcurl cannot use",
                            "check -J, -K, --ca-cert, --source-address and -x"},
    [NDES_ADMIN_FULL] = {"ndes-admin-full", STATE_CRITICAL, "the password cache is full",
                         "more passwords asked for than PasswordMax within PasswordValidity, or a "
                         "poller that mints them",
                         "find who fetches mscep_admin; wait, or recycle pool SCEP; raise "
                         "PasswordMax"},
    [NDES_ADMIN_DENIED] = {"ndes-admin-denied", STATE_CRITICAL,
                           "NDES refuses this user a challenge password",
                           "the user lacks Enroll on the templates, or a template is not published",
                           "grant Read and Enroll, publish the templates; see NDES event 6"},
    [NDES_ADMIN_AUTH] = {"ndes-admin-auth", STATE_UNKNOWN, "cannot sign in to the admin page",
                         "wrong or expired password, no Kerberos ticket, or a missing HTTP/ SPN",
                         "check user and password file; with Kerberos `klist` and `setspn -Q "
                         "HTTP/host`"},
    [NDES_ADMIN_OPEN] = {"ndes-admin-open", STATE_CRITICAL,
                         "the admin page is open without sign-in",
                         "Anonymous Authentication is switched on: anybody can take challenge "
                         "passwords",
                         "switch Anonymous off and Windows Authentication on for "
                         "/CertSrv/mscep_admin; until then use --admin=off, as each look may "
                         "spend a password"},
    [NDES_ADMIN_BASIC] = {"ndes-admin-basic", STATE_WARNING,
                          "the admin page takes Basic sign-in over plain HTTP",
                          "Basic Authentication is switched on and https is not enforced",
                          "switch Basic off (the default), or require SSL"},
    [NDES_ADMIN_EXPOSED] = {"ndes-admin-exposed", STATE_WARNING,
                            "the admin page can be reached from here",
                            "the path is published to the outside: NTLM relay and host disclosure",
                            "block /certsrv/mscep_admin in the proxy, or remove it when Intune is "
                            "used"},
    [NDES_ADMIN_MISSING] = {"ndes-admin-missing", STATE_CRITICAL, "there is no admin page",
                            "application removed, hidden by request filtering, or another path "
                            "(PasswordVDir)",
                            "restore /CertSrv/mscep_admin, or name its path by --admin-path"},
    [NDES_ADMIN_BLANK] = {"ndes-admin-blank", STATE_CRITICAL, "the admin page is blank",
                          "NDES failed while it made the page, or a proxy strips the body",
                          "see NDES events 2, 6 and 10; recycle pool SCEP"},
    [NDES_ADMIN_REFUSED] = {"ndes-admin-refused", STATE_CRITICAL,
                            "the admin page gives no challenge password",
                            "NDES refuses in words that this check does not know (another "
                            "language?): cache full or no permission",
                            "open the page in a browser as this user; see NDES event 6"},
    [NDES_ADMIN_UNKNOWN] = {"ndes-admin-unknown", STATE_CRITICAL,
                            "the admin URL does not show an NDES page",
                            "wrong --admin-path, a log-in page, or another product",
                            "open the URL in a browser; check --admin-path"},
    [NDES_ADMIN_STATE] =
        {"ndes-admin-state", STATE_UNKNOWN, "the state file cannot be used",
         "its directory is missing or not writable for the user that runs the check, the "
         "disk is full, another run hangs and holds its lock, the clock was set back, or the "
         "file is not this check's own",
         "give that user the directory, and each service of each check a file of its own; remove "
         "a file that is damaged or of no use any more"},
    [NDES_RA_EXPIRED] = {"ndes-ra-expired", STATE_CRITICAL, "an RA certificate has expired",
                         "RA certificates live two years and NDES does not renew them itself",
                         "renew it (templates EnrollmentAgentOffline and CEPEncryption), grant the "
                         "pool identity Read on the key, then `Restart-WebAppPool SCEP`"},
    [NDES_RA_EXPIRING] = {"ndes-ra-expiring", STATE_WARNING, "an RA certificate is about to expire",
                          "RA certificates live two years and NDES does not renew them itself",
                          "renew it before that day (templates EnrollmentAgentOffline and "
                          "CEPEncryption), grant the pool identity Read on the key, then "
                          "`Restart-WebAppPool SCEP`"},
    [NDES_RA_NOTYET] = {"ndes-ra-notyet", STATE_CRITICAL,
                        "an RA or CA certificate is not valid yet",
                        "the CA's clock was ahead when it signed, or a clock here is behind",
                        "compare the clocks of CA, NDES and this host; wait or issue anew"},
    [NDES_RA_MISSING] = {"ndes-ra-missing", STATE_CRITICAL, "GetCACert has no RA certificates",
                         "RA certificates deleted, not in LocalMachine\\My, or this is no NDES",
                         "issue them anew and check CertsInMYStore; for other SCEP servers use "
                         "--allow-no-ra"},
    [NDES_CA_MISSING] = {"ndes-ca-missing", STATE_CRITICAL, "GetCACert has no CA certificate",
                         "the answer was made by hand, or NDES has lost its CA (MSCEP\\CAInfo)",
                         "check CAInfo and the CA's certificate in the store of the server, then "
                         "recycle pool SCEP"},
    [NDES_RA_USAGE] = {"ndes-ra-usage", STATE_CRITICAL, "the RA certificates cannot do their jobs",
                       "a template with the wrong key usage or EKU, or one of the two was deleted",
                       "issue signing (digitalSignature) and encryption (keyEncipherment) "
                       "certificates with EKU Certificate Request Agent, then recycle pool SCEP"},
    [NDES_RA_OLDCA] = {"ndes-ra-oldca", STATE_WARNING,
                       "the RA certificates come from an older CA certificate",
                       "the CA was renewed after they were issued: Windows refuses with 0x800B0109",
                       "issue both RA certificates anew from the current CA, then recycle pool "
                       "SCEP"},
    [NDES_RA_CHAIN] = {"ndes-ra-chain", STATE_CRITICAL,
                       "an RA certificate does not chain to the CA",
                       "issued by another CA than the one that NDES serves",
                       "issue it anew from the CA in MSCEP\\CAInfo, then recycle pool SCEP"},
    [NDES_RA_SIGNATURE] = {"ndes-ra-signature", STATE_WARNING,
                           "signed with an algorithm that devices refuse",
                           "the CA signs with RSASSA-PSS (AlternateSignatureAlgorithm=1), SHA-1 or "
                           "MD5",
                           "set the CA to SHA-256 with PKCS#1 v1.5 signatures, issue the "
                           "certificates anew"},
    [NDES_RA_WEAKKEY] = {"ndes-ra-weakkey", STATE_WARNING, "an RA or CA key is too short",
                         "a template or CA with less than 2048 bits RSA",
                         "raise the minimum key size, issue the certificate anew"},
    [NDES_RA_REVOKED] = {"ndes-ra-revoked", STATE_CRITICAL, "an RA certificate is revoked",
                         "revoked by an administrator, perhaps with the server's old certificates",
                         "issue a new one, then recycle pool SCEP"},
    [NDES_RA_UNEXPECTED] = {"ndes-ra-unexpected", STATE_CRITICAL,
                            "not the certificate that was expected",
                            "certificates were renewed, or this is another server",
                            "if the change was meant, correct --fingerprint or --subject"},
    [NDES_CA_EXPIRED] = {"ndes-ca-expired", STATE_CRITICAL, "the CA certificate has expired",
                         "the CA was not renewed in time",
                         "renew the CA certificate, then the RA "
                         "certificates, and deploy the new root to devices"},
    [NDES_CA_EXPIRING] = {"ndes-ca-expiring", STATE_WARNING,
                          "the CA certificate is about to expire",
                          "the CA nears its end of life; it issues ever shorter certificates",
                          "renew the CA certificate, then the RA certificates, and deploy the new "
                          "root to devices"},
    [NDES_CRL_UNREACHABLE] = {"ndes-crl-unreachable", STATE_WARNING, "a CRL cannot be fetched",
                              "the distribution point is down, or a firewall or proxy blocks it",
                              "make the address reachable, above all from the NDES server"},
    [NDES_CRL_INVALID] = {"ndes-crl-invalid", STATE_CRITICAL,
                          "the distribution point serves no valid CRL",
                          "another file was published there, or the CA key changed",
                          "publish the CA's current CRL there: `certutil -CRL`"},
    [NDES_CRL_EXPIRED] = {"ndes-crl-expired", STATE_CRITICAL, "a CRL has expired",
                          "the CA no longer publishes, or copying to the web server stopped",
                          "`certutil -CRL` on the CA, copy the file to the distribution point"},
    [NDES_CRL_EXPIRING] = {"ndes-crl-expiring", STATE_WARNING, "a CRL is about to expire",
                           "the next list is overdue",
                           "`certutil -CRL` on the CA, copy the file to the distribution point"},
};

const struct catalogue_row *catalogue_row(enum finding_id id)
{
    if (id < CATALOGUE_WINDOWS)
        return &rows[id];
    if (id < CATALOGUE_DIRECTORY)
        return &catalogue_windows_rows[id - CATALOGUE_WINDOWS];
    return &catalogue_directory_rows[id - CATALOGUE_DIRECTORY];
}

bool catalogue_find(const char *text, enum finding_id *id)
{
    for (int i = 0; i < FINDING_ID_COUNT; i++) {
        if (text_equal(text, catalogue_row((enum finding_id)i)->id)) {
            *id = (enum finding_id)i;
            return true;
        }
    }
    return false;
}
