/* account.c - an account of Active Directory: how it is found, and its state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/account.h"

#include <string.h>

#include "common/base/text.h"
#include "common/directory/dn.h"

/* True if the text is one of the names, or begins with one that ends in a separator. */
static bool is_among(const char *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char last = names[i][strlen(names[i]) - 1];

        if (last == '\\' || last == '-' ? text_starts(text, names[i]) : text_equal(text, names[i]))
            return true;
    }
    return false;
}

bool account_acts_as_computer(const char *text)
{
    static const char *const names[] = {"ApplicationPoolIdentity",
                                        "IIS APPPOOL\\",
                                        "NT SERVICE\\",
                                        "NetworkService",
                                        "Network Service",
                                        "NT AUTHORITY\\NetworkService",
                                        "NT AUTHORITY\\Network Service",
                                        "LocalSystem",
                                        "SYSTEM",
                                        "NT AUTHORITY\\SYSTEM",
                                        "S-1-5-18",
                                        "S-1-5-20",
                                        "S-1-5-80-",
                                        "S-1-5-82-"};

    return is_among(text, names, COUNT_OF(names));
}

/* What Windows has on each computer, and what is nobody elsewhere. */
static bool is_local(const char *text)
{
    static const char *const names[] = {"LocalService", "Local Service", "NT AUTHORITY\\",
                                        "BUILTIN\\", "S-1-5-19"};

    return is_among(text, names, COUNT_OF(names));
}

static bool has_control_character(const char *text)
{
    while ((unsigned char)*text >= ' ' && *text != 0x7f)
        text++;
    return *text != '\0';
}

const char *account_name_parse(const char *text, struct account_name *name)
{
    const char *backslash = strchr(text, '\\');
    const char *rest = text;

    *name = (struct account_name){.text = text};
    if (has_control_character(text))
        return "contains a control character";
    if (account_acts_as_computer(text))
        return "is a built-in identity: in the directory it is the computer account of the NDES "
               "server, such as 'EXAMPLE\\NDES01$'";
    if (is_local(text))
        return "is a built-in identity without an account in the directory";
    if (text_starts(text, "S-1-")) {
        name->form = FORM_SID;
        return sid_parse(text, &name->sid) ? NULL
                                           : "is not a valid SID, such as S-1-5-21-1-2-3-1104";
    }
    if (is_dn(text)) {
        name->form = FORM_DN;
        if (!*dn_domain(text))
            return "is a DN without a domain: it must end in something like DC=example,DC=com";
    } else if (backslash) {
        name->form = FORM_DOMAIN_NAME;
        rest = backslash + 1;
        if (backslash == text || (size_t)(backslash - text) >= sizeof name->domain)
            return "has no domain name of 1 to 63 characters before the \\";
        text_copy_bytes(name->domain, sizeof name->domain, text, (size_t)(backslash - text));
    } else {
        name->form = strchr(text, '@') ? FORM_PRINCIPAL : FORM_NAME;
    }
    if (!*rest || (name->form == FORM_PRINCIPAL && (*text == '@' || !strchr(text, '@')[1])))
        return "is not a name: use DOMAIN\\user, user@domain, a DN, a SID or a logon name";
    if (strlen(rest) >= sizeof name->name && name->form != FORM_DN)
        return "is too long for an account name";
    text_copy(name->name, sizeof name->name, rest);
    return NULL;
}

/* (sAMAccountName=x), and the same with the $ of a computer or gMSA. */
static void add_logon_name(struct buffer *filter, const char *text, size_t length)
{
    char name[256];

    text_copy_bytes(name, sizeof name, text, length);
    directory_add_equal(filter, "sAMAccountName", name);
    if (length && name[strlen(name) - 1] != '$') {
        buffer_add_text(filter, "(sAMAccountName=");
        directory_quote(filter, name);
        buffer_add_text(filter, "$)");
    }
}

/* Without the blanks that people write behind commas. */
static void add_dn(struct buffer *filter, const char *dn)
{
    bool escaped = false;

    for (; *dn; dn++) {
        directory_quote(filter, (const char[]){*dn, '\0'});
        if (*dn == ',' && !escaped)
            dn += strspn(dn + 1, " ");
        escaped = *dn == '\\' && !escaped;
    }
}

void account_filter(const struct account_name *name, struct buffer *filter)
{
    buffer_add_text(filter, "(|");
    switch (name->form) {
    case FORM_SID:
        buffer_add_text(filter, "(objectSid=");
        directory_quote_bytes(filter, name->sid.bytes, name->sid.length);
        buffer_add_char(filter, ')');
        break;
    case FORM_DN:
        buffer_add_text(filter, "(distinguishedName=");
        add_dn(filter, name->text);
        buffer_add_char(filter, ')');
        break;
    case FORM_PRINCIPAL:
        directory_add_equal(filter, "userPrincipalName", name->text);
        add_logon_name(filter, name->text, strcspn(name->text, "@"));
        break;
    case FORM_NAME:
    case FORM_DOMAIN_NAME:
        add_logon_name(filter, name->name, strlen(name->name));
        break;
    }
    buffer_add_char(filter, ')');
}

/* How well an entry fits a logon name: 2 exactly, 1 but for the $ that was left out, 0 not. */
static int fits_logon_name(const struct directory_entry *entry, const char *text, size_t length)
{
    const char *own = entry_text(entry, "sAMAccountName");
    size_t own_length = strlen(own);
    char name[256];

    text_copy_bytes(name, sizeof name, text, length);
    if (!*name || !text_starts(own, name))
        return 0;
    if (own_length == strlen(name))
        return 2;
    return own_length == strlen(name) + 1 && own[own_length - 1] == '$' ? 1 : 0;
}

/* How well an entry fits the name, 0 not at all. */
static int fit(const struct account_name *name, const struct directory_root *root,
               const struct directory_entry *entry)
{
    const struct directory_value *sid = entry_value(entry, "objectSid");
    size_t user = strcspn(name->text, "@");

    switch (name->form) {
    case FORM_SID: /* of a foreign account there may be a stand-in */
        return sid && !entry_has_text(entry, "objectClass", "foreignSecurityPrincipal") &&
               sid->length == name->sid.length &&
               memcmp(sid->bytes, name->sid.bytes, sid->length) == 0;
    case FORM_DN:
        return dn_equal(entry->dn, name->text);
    case FORM_PRINCIPAL:
        if (text_equal(entry_text(entry, "userPrincipalName"), name->text))
            return 2;
        return dn_is_domain_of(root->domain, name->text + user + 1)
                   ? fits_logon_name(entry, name->text, user)
                   : 0;
    case FORM_NAME:
    case FORM_DOMAIN_NAME:
        break;
    }
    return fits_logon_name(entry, name->name, strlen(name->name));
}

size_t account_pick(const struct account_name *name, const struct directory_root *root,
                    const struct directory_entries *entries,
                    const struct directory_entry *found[NAMESAKES_SHOWN])
{
    size_t count = 0;
    int best = 1;

    for (size_t i = 0; i < entries->count; i++) {
        int fits = fit(name, root, &entries->entries[i]);

        if (fits < best)
            continue;
        if (fits > best)
            count = 0;
        if (count < NAMESAKES_SHOWN)
            found[count] = &entries->entries[i];
        count++;
        best = fits;
    }
    for (size_t i = count; i < NAMESAKES_SHOWN; i++)
        found[i] = NULL;
    return count;
}

const char *const account_attributes[] = {
    "objectClass",
    "objectSid",
    "sIDHistory",
    "primaryGroupID",
    "memberOf",
    "sAMAccountName",
    "userPrincipalName",
    "msDS-PrincipalName",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "msDS-UserPasswordExpiryTimeComputed",
    "msDS-ManagedPasswordInterval",
    "msDS-GroupMSAMembership",
    "pwdLastSet",
    "accountExpires",
    "lockoutTime",
    "badPwdCount",
    "servicePrincipalName",
    NULL,
};

static enum account_kind kind_of(const struct directory_entry *entry)
{
    if (entry_has_text(entry, "objectClass", "msDS-GroupManagedServiceAccount"))
        return ACCOUNT_GMSA;
    if (entry_has_text(entry, "objectClass", "computer"))
        return ACCOUNT_COMPUTER;
    return entry_has_text(entry, "objectClass", "user") ? ACCOUNT_USER : ACCOUNT_OTHER;
}

void account_read(const struct directory_entry *entry, struct account *account)
{
    const struct directory_value *sid = entry_value(entry, "objectSid");

    *account = (struct account){.kind = kind_of(entry)};
    text_copy(account->dn, sizeof account->dn, entry->dn);
    text_copy(account->name, sizeof account->name, entry_text(entry, "sAMAccountName"));
    text_copy(account->principal, sizeof account->principal,
              entry_text(entry, "userPrincipalName"));
    if (sid)
        sid_read(sid->bytes, sid->length, &account->sid);
    account->has_control = entry_flags(entry, "userAccountControl", &account->control);
    account->has_computed =
        entry_flags(entry, "msDS-User-Account-Control-Computed", &account->computed);
    account->password_end =
        entry_filetime(entry, "msDS-UserPasswordExpiryTimeComputed", &account->password_end_at);
    account->password_set = entry_filetime(entry, "pwdLastSet", &account->password_set_at);
    account->end = entry_filetime(entry, "accountExpires", &account->end_at);
    account->lockout = entry_filetime(entry, "lockoutTime", &account->lockout_at);
    account->has_bad_passwords = entry_integer(entry, "badPwdCount", &account->bad_passwords);
    entry_integer(entry, "msDS-ManagedPasswordInterval", &account->password_interval);
}
