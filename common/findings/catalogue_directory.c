/* catalogue_directory.c - what is found by asking Active Directory: LDAP, the account, templates.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/findings/catalogue.h"

#define AT(id) [id - CATALOGUE_DIRECTORY]

const struct catalogue_row catalogue_directory_rows[FINDING_ID_COUNT - CATALOGUE_DIRECTORY] = {
    AT(NDES_LDAP_REFUSED) = {"ndes-ldap-refused", STATE_CRITICAL,
                             "no TCP connection to a domain controller",
                             "host down, wrong port, or a firewall rejects",
                             "check host and port (389, with -S 636); name further domain "
                             "controllers by -H, or the domain by --domain"},
    AT(NDES_LDAP_TLS) = {"ndes-ldap-tls", STATE_CRITICAL,
                         "the TLS connection to the domain controller fails",
                         "its certificate has expired, is for another name or from an unknown CA, "
                         "or it has none at all",
                         "give the domain controller a certificate with its DNS name; for a "
                         "private CA give its certificate by --ca-cert; in -H use the name that "
                         "is in the certificate"},
    AT(NDES_LDAP_TIMEOUT) = {"ndes-ldap-timeout", STATE_CRITICAL,
                             "the domain controller does not answer in time",
                             "firewall drops packets, host overloaded, or the name resolves to a "
                             "host that is gone",
                             "check the path to the port; give more time by -t; name further "
                             "domain controllers by -H"},
    AT(NDES_LDAP_SLOW) = {"ndes-ldap-slow", STATE_WARNING, "the domain controller answers slowly",
                          "load, or a domain controller of a far site",
                          "see at -vv which request takes the time; name a near domain controller "
                          "by -H"},
    AT(NDES_LDAP_BROKEN) = {"ndes-ldap-broken", STATE_UNKNOWN,
                            "the talk with the domain controller broke off",
                            "the server or something in between cut the connection, or what "
                            "answers is no LDAP",
                            "run the check again; check host and port, and look for a load "
                            "balancer or TLS inspection in between"},
    AT(NDES_LDAP_TOOLARGE) = {"ndes-ldap-toolarge", STATE_UNKNOWN,
                              "an answer is larger than any that was asked for",
                              "another product answers, or the server sends without end",
                              "check host and port; what came was cut off at the limit"},
    AT(NDES_LDAP_SETTINGS) = {"ndes-ldap-settings", STATE_UNKNOWN, "this check cannot ask",
                              "a file or other option that cannot be used here, or a missing SASL "
                              "mechanism",
                              "check --ca-cert and --keytab; for Kerberos install the GSSAPI "
                              "module of Cyrus SASL (Debian: libsasl2-modules-gssapi-mit)"},
    AT(NDES_LDAP_MISSING) = {"ndes-ldap-missing", STATE_UNKNOWN,
                             "no Active Directory answers on this port",
                             "another LDAP server or another product is there",
                             "check host and port: -H wants a domain controller"},
    AT(NDES_LDAP_TICKET) = {"ndes-ldap-ticket", STATE_UNKNOWN, "no Kerberos ticket to be had",
                            "no ticket cache or it has expired, unreadable keytab, or realm or "
                            "KDC not found",
                            "`klist` as the user that runs the check; give --user with "
                            "--password-file or --keytab; check krb5.conf"},
    AT(NDES_LDAP_LOGON) = {"ndes-ldap-logon", STATE_UNKNOWN,
                           "the domain controller refuses the monitoring account",
                           "wrong user name or password",
                           "check --user and the password file or keytab"},
    AT(NDES_LDAP_LOCKED) = {"ndes-ldap-locked", STATE_UNKNOWN,
                            "the monitoring account cannot sign in",
                            "it is locked, disabled or expired, its password has expired, or it "
                            "may not sign in at this time or from this host",
                            "`Get-ADUser NAME -Properties LockedOut,Enabled,PasswordExpired`, "
                            "then mend that"},
    AT(NDES_LDAP_CLOCK) = {"ndes-ldap-clock", STATE_UNKNOWN,
                           "the sign-in fails because the clocks differ",
                           "time synchronisation is broken on the domain controller or here; "
                           "Kerberos allows 5 minutes",
                           "`w32tm /resync` on the domain controller, `chronyc tracking` here"},
    AT(NDES_LDAP_SPN) = {"ndes-ldap-spn", STATE_UNKNOWN,
                         "the domain controller's service principal name does not fit",
                         "-H is an alias or an address, or the SPN is registered elsewhere",
                         "give the domain controller's own full name in -H: `setspn -Q "
                         "ldap/HOST`"},
    AT(NDES_LDAP_UNPROTECTED) = {"ndes-ldap-unprotected", STATE_UNKNOWN,
                                 "the domain controller refuses a bind that is not protected",
                                 "it demands signing, TLS or channel binding, or forbids signing "
                                 "inside TLS",
                                 "use --auth=gssapi without -S, which signs and encrypts by "
                                 "itself, or a password with -S"},
    AT(NDES_LDAP_DENIED) = {"ndes-ldap-denied", STATE_UNKNOWN,
                            "the domain controller does not let the monitoring account search",
                            "the directory was hardened, or nobody signed in",
                            "an ordinary domain user is enough: give one by --user; read rights "
                            "on Public Key Services"},
    AT(NDES_LDAP_BASE) = {"ndes-ldap-base", STATE_UNKNOWN,
                          "the place where the search begins does not exist",
                          "--base names another domain, or the forest has no AD CS",
                          "check --base; `Get-ADRootDSE` shows the names that there are"},
    AT(NDES_LDAP_REFERRAL) = {"ndes-ldap-referral", STATE_UNKNOWN,
                              "another server has what was asked for",
                              "the object belongs to another domain than that of this domain "
                              "controller",
                              "name a domain controller of that domain by -H, or its name by "
                              "--domain"},
    AT(NDES_LDAP_LIMIT) = {"ndes-ldap-limit", STATE_UNKNOWN,
                           "the domain controller gave up at a limit of its own",
                           "it is busy, or its limits of time, size or work are low",
                           "run the check again; look at the domain controller's load and its "
                           "LDAP policies (ntdsutil)"},
    AT(NDES_LDAP_FAULT) = {"ndes-ldap-fault", STATE_UNKNOWN,
                           "the domain controller reports a fault",
                           "the text of the result says why",
                           "try the same with ldapsearch; Directory Service log on the domain "
                           "controller"},
    AT(NDES_LDAP_HIDDEN) = {"ndes-ldap-hidden", STATE_UNKNOWN,
                            "the directory hides what the monitoring account may not see",
                            "Active Directory shows an account only what it may read, without an "
                            "error",
                            "give the monitoring account the read right that is named above; see "
                            "the page on rights in the directory"},
    AT(NDES_LDAP_DESCRIPTOR) = {"ndes-ldap-descriptor", STATE_UNKNOWN,
                                "a security descriptor cannot be evaluated",
                                "it is damaged, or the verdict hangs on a conditional entry, which "
                                "only Windows can decide",
                                "look at the permissions with `dsacls DN`; replace a conditional "
                                "entry by one for a group"},
    AT(NDES_ACCT_MISSING) = {"ndes-acct-missing", STATE_CRITICAL,
                             "the account, or the computer of --ndes-host, does not exist",
                             "it was deleted or renamed, --account or --ndes-host is misspelt, it "
                             "belongs to another domain, or the monitoring account may not see it",
                             "`Get-ADObject -Filter {sAMAccountName -eq 'NAME'}` (NAME$ of a "
                             "computer); restore it, or correct --account or --ndes-host"},
    AT(NDES_ACCT_AMBIGUOUS) = {"ndes-acct-ambiguous", STATE_UNKNOWN,
                               "more than one account, or computer, has this name",
                               "a user principal name was given twice, or equals another account's "
                               "logon name; two computers have the DNS name of --ndes-host",
                               "name the account by its DN or SID, the computer by its logon name; "
                               "then give one of them another name"},
    AT(NDES_ACCT_DISABLED) = {"ndes-acct-disabled", STATE_CRITICAL, "the account is disabled",
                              "somebody disabled it",
                              "`Enable-ADAccount NAME`, then start the application pool; better "
                              "use a gMSA"},
    AT(NDES_ACCT_LOCKED) =
        {"ndes-acct-locked", STATE_CRITICAL, "the account is locked",
         "something signs in with an old password: the application pool, a "
         "service, a scheduled task",
         "`Unlock-ADAccount NAME`, then start the application pool; event 4740 on "
         "the PDC emulator names the computer that locked it"},
    AT(NDES_ACCT_PASSWORD) = {"ndes-acct-password", STATE_CRITICAL,
                              "the account's password has expired or soon will",
                              "the domain's password policy, or it must be changed at next logon",
                              "set a new one in AD and in the application pool's identity, then "
                              "`Restart-WebAppPool SCEP`; better use a gMSA, or let it never "
                              "expire"},
    AT(NDES_ACCT_EXPIRED) =
        {"ndes-acct-expired", STATE_CRITICAL, "the account has expired or soon will",
         "an expiry date is set on it",
         "`Clear-ADAccountExpiration NAME`, or set a later date, then start the "
         "application pool"},
    AT(NDES_ACCT_ROLLING) = {"ndes-acct-rolling", STATE_WARNING,
                             "the account's password is older than Windows should let it get",
                             "no host fetches the gMSA's password any more, the KDS root key is "
                             "missing, or the computer has lost its domain",
                             "`Test-ADServiceAccount NAME` on the NDES server; `Get-KdsRootKey` on "
                             "a domain controller"},
    AT(NDES_ACCT_RETRIEVE) = {"ndes-acct-retrieve", STATE_CRITICAL,
                              "the NDES server may not fetch the gMSA's password",
                              "the computer is not among the principals that may, a Deny entry "
                              "names it or a group of its, or its account is disabled",
                              "`Set-ADServiceAccount NAME -PrincipalsAllowedToRetrieve"
                              "ManagedPassword ...` writes the list anew, without Deny entries; or "
                              "put the computer into their group, or take it out of one that is "
                              "denied, and restart it; if it is disabled `Enable-ADAccount`"},
    AT(NDES_ACCT_SPN) = {"ndes-acct-spn", STATE_WARNING,
                         "the service principal name is not on this account alone",
                         "the pool's identity was changed, or the host renamed, and the SPN stayed "
                         "with the old account or was never set",
                         "`setspn -Q HTTP/HOST` shows who has it; `setspn -D` there, `setspn -S "
                         "HTTP/HOST NAME` here"},
    AT(NDES_ACCT_FLAGS) = {"ndes-acct-flags", STATE_WARNING, "the account has a dangerous setting",
                           "it was set when the account was made, or for another program",
                           "take it off in the account's options; nothing of NDES needs it"},
    AT(NDES_ACCT_PRIVILEGED) =
        {"ndes-acct-privileged", STATE_WARNING, "the account is an administrator of the domain",
         "it was put into an administrative group, perhaps to get NDES "
         "installed",
         "take it, or the group that it is in, out: NDES needs IIS_IUSRS on its "
         "server, and Read and "
         "Enroll on the templates"},
    AT(NDES_TMPL_MISSING) = {"ndes-tmpl-missing", STATE_CRITICAL,
                             "the certificate template does not exist",
                             "the display name is used instead of the template name, or the "
                             "template was deleted",
                             "correct the value in HKLM\\SOFTWARE\\Microsoft\\Cryptography\\MSCEP "
                             "(or the option of this check), then `iisreset`"},
    AT(NDES_TMPL_UNPUBLISHED) = {"ndes-tmpl-unpublished", STATE_CRITICAL,
                                 "the CA does not issue the certificate template",
                                 "the template was never published on the CA that NDES uses, or "
                                 "was taken off",
                                 "on the CA: `certutil -SetCATemplates +NAME`, or Certificate "
                                 "Templates, New, Certificate Template to Issue"},
    AT(NDES_TMPL_NOENROLL) = {"ndes-tmpl-noenroll", STATE_CRITICAL,
                              "the service account may not enrol on the certificate template",
                              "the template's permissions were changed, or the account left the "
                              "group that has them",
                              "grant the account Read and Enroll in the template's Security tab; "
                              "mind Deny entries; -v shows what decides"},
    AT(NDES_TMPL_SUBJECT) = {"ndes-tmpl-subject", STATE_CRITICAL,
                             "the certificate template takes no subject from the request",
                             "Subject Name is set to be built from Active Directory information",
                             "set `Supply in the request` in the template's Subject Name tab"},
    AT(NDES_TMPL_APPROVAL) = {"ndes-tmpl-approval", STATE_CRITICAL,
                              "requests on the certificate template wait for somebody",
                              "manager approval or authorised signatures are demanded",
                              "clear both in the template's Issuance Requirements tab"},
    AT(NDES_TMPL_USAGE) = {"ndes-tmpl-usage", STATE_CRITICAL,
                           "the certificate template's key usage does not fit its role",
                           "the template's purpose lacks signature or encryption",
                           "set the purpose in the template's Request Handling tab: Signature and "
                           "encryption serves every role"},
    AT(NDES_TMPL_KEYSIZE) = {"ndes-tmpl-keysize", STATE_CRITICAL,
                             "the certificate template wants larger keys than devices make",
                             "the minimum key size was raised, or the device profile asks for "
                             "less",
                             "lower Minimum key size in the template's Cryptography tab, or raise "
                             "the key size in the device profile and in --client-key-bits"},
    AT(NDES_TMPL_VALIDITY) = {"ndes-tmpl-validity", STATE_WARNING,
                              "certificates will end sooner than the template says",
                              "the CA certificate has less time left than the template gives, and "
                              "nothing outlives its issuer",
                              "renew the CA certificate, then the RA certificates"},
    AT(NDES_TMPL_CHANGED) = {"ndes-tmpl-changed", STATE_WARNING,
                             "the certificate template was changed", "somebody edited it",
                             "compare it with what was agreed; then give the new number in "
                             "--expect-revision"},
    AT(NDES_TMPL_DEFAULT) = {"ndes-tmpl-default", STATE_WARNING,
                             "NDES still uses its default template",
                             "set-up was not finished: the three MSCEP values are "
                             "IPSECIntermediateOffline",
                             "set SignatureTemplate, EncryptionTemplate and GeneralPurposeTemplate "
                             "to your own template, then `iisreset`"},
    AT(NDES_TMPL_NOCA) = {"ndes-tmpl-noca", STATE_CRITICAL, "the CA is not in Active Directory",
                          "--ca is misspelt, or the CA's object under Enrollment Services was "
                          "removed",
                          "`certutil -TCAInfo` lists the enterprise CAs; correct --ca, or restart "
                          "the CA service so that it publishes itself"},
    AT(NDES_TMPL_NTAUTH) = {"ndes-tmpl-ntauth", STATE_CRITICAL, "the CA is not trusted for logon",
                            "its certificate is missing in NTAuthCertificates: it was removed, or "
                            "the CA was renewed",
                            "`certutil -dspublish -f CA.cer NTAuthCA`; leave out --require-ntauth "
                            "if the certificates are not for logon"},
    AT(NDES_TMPL_BROAD) = {"ndes-tmpl-broad", STATE_WARNING,
                           "everybody may enrol a logon certificate for anybody",
                           "Enroll is granted to a large group on a template that takes the "
                           "subject from the request",
                           "grant Enroll to the NDES service account alone"},
    AT(NDES_TMPL_WRITABLE) =
        {"ndes-tmpl-writable", STATE_WARNING,
         "somebody beside the usual administrators may change the template",
         "usually a personal entry of whoever duplicated the template, or its ownership",
         "take Write and Full Control off in the Security tab; make Enterprise "
         "Admins the owner"},
    AT(NDES_TMPL_V1) = {"ndes-tmpl-v1", STATE_WARNING,
                        "the certificate template has schema version 1",
                        "it is a built-in one, on which a request may choose its own application "
                        "policies unless the CA is patched (CVE-2024-49019)",
                        "duplicate it to a version 2 template and use that"},
    AT(NDES_TMPL_NOSID) = {"ndes-tmpl-nosid", STATE_WARNING,
                           "certificates of the template are not bound to an account",
                           "the flag that leaves out the security extension (SID) is set",
                           "`certutil -dstemplate NAME msPKI-Enrollment-Flag -0x00080000`"},
    AT(NDES_TMPL_SERVERAUTH) = {"ndes-tmpl-serverauth", STATE_WARNING,
                                "the template makes TLS server certificates for any name",
                                "Server Authentication is among its application policies, or it "
                                "allows every purpose",
                                "name in the template's Extensions tab only the purposes that "
                                "the devices need; keep this one if they serve TLS themselves"},
    AT(NDES_TMPL_RALEFT) = {"ndes-tmpl-raleft", STATE_WARNING, "the CA still issues RA templates",
                            "they were published for the set-up of NDES and left",
                            "take them off after each renewal: `certutil -SetCATemplates "
                            "-CEPEncryption,EnrollmentAgentOffline`"},
};
