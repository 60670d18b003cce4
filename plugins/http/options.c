/* options.c - the options that check_ndes_http alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/text.h"
#include "common/scep/endpoint.h"
#include "common/state/state_home.h"

enum {
    LONG_URL_STANDARD = 17 * 1024, /* above the 16384 bytes of HTTP.sys */
};

/* A plain number of days. */
static bool days_limit(struct slice text, struct limit *limit)
{
    long double days;
    char minimum[32];

    text_format(minimum, sizeof minimum, "%.*s:", (int)text.length, text.text);
    return text.length && text.length < 20 &&
           range_number(text.text, text.length, &days) == text.length &&
           !limit_parse(minimum, limit);
}

static bool set_days_pair(const struct option_spec *spec, const char *value, void *target,
                          char *error, size_t error_size)
{
    struct days_pair pair = {0};
    struct slice rest = slice_of(value);
    struct slice first = {0};
    struct slice second = {0};

    (void)spec;
    slice_next(&rest, ",", &first);
    if (!days_limit(first, &pair.warning) ||
        (slice_next(&rest, ",", &second) && !days_limit(second, &pair.critical)) || rest.text) {
        text_format(error, error_size, "needs days as W or W,C such as 30,14, not '%s'", value);
        return false;
    }
    if (limit_hides(&pair.critical, &pair.warning)) {
        text_format(error, error_size, "'%s' has no effect: '%.*s' is reached first", value,
                    (int)second.length, second.text);
        return false;
    }
    *(struct days_pair *)target = pair;
    return true;
}

static bool set_long_url(const struct option_spec *spec, const char *value, void *target,
                         char *error, size_t error_size)
{
    if (value)
        return option_integer.set(spec, value, target, error, error_size);
    *(int64_t *)target = LONG_URL_STANDARD;
    return true;
}

static const struct option_type option_days_pair = {
    .name = "days", .takes_value = true, .set = set_days_pair};
static const struct option_type option_long_url = {
    .name = "bytes", .takes_value = true, .set = set_long_url};

static const char *const profiles[] = {"auto", "ndes", "intune", "other", NULL};
static const char *const admin_modes[] = {"auto", "required",  "forbidden",
                                          "off",  "challenge", NULL};
static const char *const login_choices[] = {"auto", "ntlm", "negotiate", NULL};

#define AT(member) offsetof(struct http_options, member)

static const struct option_spec scep_specs[] = {
    {.name = "profile",
     .type = &option_choice,
     .argument = "PROFILE",
     .offset = AT(profile),
     .choices = profiles,
     .standard = "auto",
     .help = "What the bare URL must answer: ndes 200, intune 403 (the policy module), auto "
             "either, other anything (SCEP servers other than NDES)"},
    {.name = "require-caps",
     .type = &option_text,
     .argument = "LIST",
     .offset = AT(require_caps),
     .standard = "POSTPKIOperation",
     .help = "Capabilities that GetCACaps must list, separated by commas"},
    {.name = "long-url",
     .type = &option_long_url,
     .argument = "BYTES",
     .offset = AT(long_url),
     .minimum = 1024,
     .maximum = SCEP_LONG_MAXIMUM,
     .value_optional = true,
     .help = "Also send GetCACaps with a URL of BYTES (17408 if not given) and name the layer that "
             "refuses it; real enrolment requests are that long"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(warning),
     .help = "Warning threshold for the time of all requests together, in seconds"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(critical),
     .pair = "warning",
     .help = "Critical threshold for the time of all requests together, in seconds"},
    {.name = "certificate",
     .letter = 'C',
     .type = &option_days_pair,
     .argument = "W[,C]",
     .offset = AT(tls_days),
     .standard = "30,14",
     .help = "Minimum remaining validity of the TLS certificate, in days"},
};

static const struct option_spec admin_specs[] = {
    {.name = "admin",
     .type = &option_choice,
     .argument = "MODE",
     .offset = AT(admin),
     .choices = admin_modes,
     .standard = "auto",
     .help = "How to check the admin page. auto, required: ask without signing in, which uses up "
             "no password; auto accepts that the page is gone, required does not. forbidden: it "
             "must not be reachable from here. challenge: sign in and check the page; USES UP one "
             "of five passwords each time. off: do not ask"},
    {.name = "admin-path",
     .type = &option_text,
     .argument = "PATH",
     .offset = AT(admin_path),
     .idle_with = "admin=off",
     .standard = "/certsrv/mscep_admin/",
     .help = "Path of the admin page (registry value PasswordVDir)"},
    {.name = "user",
     .type = &option_account,
     .argument = "USER",
     .offset = AT(credentials.user),
     .needs = "admin=challenge",
     .help = "User who signs in to the admin page: [DOMAIN\\]user for NTLM, user@REALM for "
             "Kerberos; without it Kerberos uses the user of the ticket cache"},
    {.name = "auth",
     .type = &option_choice,
     .argument = "SCHEME",
     .offset = AT(auth),
     .needs = "admin=challenge",
     .choices = login_choices,
     .standard = "auto",
     .help = "How to sign in: negotiate is Kerberos; auto is ntlm if there is a password, else "
             "negotiate"},
    {.name = "challenge-interval",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(challenge_interval),
     .idle_with = "admin=off",
     .minimum = 60,
     .maximum = 7 * SECONDS_PER_DAY,
     .standard = "30m",
     .help = "Minimum time between two sign-ins; in between the last result is repeated. At least "
             "12m (which uses all slots; 24m leaves half), unless --single-password"},
    {.name = "single-password",
     .type = &option_flag,
     .offset = AT(single_password),
     .needs = "admin=challenge",
     .help = "NDES uses a single password (UseSinglePassword), so signing in uses up nothing; "
             "takes effect once the page has shown it"},
    {.name = "state-dir",
     .type = &option_text,
     .argument = "DIR",
     .offset = AT(state_dir),
     .idle_with = "admin=off",
     .standard_words =
         "$MP_STATE_PATH, " STATE_DIRECTORY " if writable, or ~/.local/state/check_ndes",
     .help =
         "Directory for the record of when the admin page was last requested; must be writable"},
};

/* Returns NULL, or what is wrong with the credentials. */
static const char *login_problem(int auth, const struct credentials *given)
{
    const bool kerberos = given->keytab || given->ticket_cache;

    if (auth == LOGIN_NTLM && kerberos)
        return "--keytab and --ticket-cache work with --auth=negotiate only";
    if (auth == LOGIN_NTLM && !given->password)
        return "--auth=ntlm needs --user and --password-file";
    if (auth == LOGIN_AUTO && given->user && !given->password && !kerberos)
        return "--user needs --password-file or --keytab; for a Kerberos ticket add "
               "--auth=negotiate";
    return auth == LOGIN_NEGOTIATE || kerberos ? credentials_kerberos_problem(given) : NULL;
}

/* Checks what one option alone can't show, and chooses the way to sign in. Returns false with a
 * usage error. */
static bool resolve_login(struct http_options *options, char *error, size_t error_size)
{
    const struct credentials credentials = credentials_of(&options->credentials);
    const char *problem = login_problem(options->auth, &credentials);

    if (options->auth == LOGIN_AUTO)
        options->auth = credentials.password ? LOGIN_NTLM : LOGIN_NEGOTIATE;
    if (options->admin != ADMIN_CHALLENGE && !credentials.ticket_cache)
        return true;
    if (options->admin != ADMIN_CHALLENGE)
        text_copy(error, error_size, "--ticket-cache has no effect without --admin=challenge");
    else if (options->challenge_interval < CHALLENGE_INTERVAL_MINIMUM && !options->single_password)
        text_format(
            error, error_size,
            "--challenge-interval of %lld s is below 12m: that would take every slot of the "
            "password cache and lock everybody out; only with --single-password",
            (long long)options->challenge_interval);
    else if (problem)
        text_copy(error, error_size, problem);
    else
        return route_check_file("keytab", credentials.keytab, false, error, error_size);
    return false;
}

size_t http_options_groups(void *data, struct option_group *groups)
{
    struct http_options *options = data;

    groups[0] = connection_server_group(&options->connection);
    groups[1] = route_group(&options->connection.route);
    groups[2] = (struct option_group){"SCEP", scep_specs, COUNT_OF(scep_specs), options};
    groups[3] = (struct option_group){"Admin page", admin_specs, COUNT_OF(admin_specs), options};
    groups[4] = credentials_group(&options->credentials);
    return 5;
}

bool http_options_resolve(void *data, char *error, size_t error_size)
{
    struct http_options *options = data;

    if (!connection_resolve(&options->connection, &connection_scep, options->url,
                            sizeof options->url, error, error_size) ||
        !resolve_login(options, error, error_size))
        return false;
    if (!options->state_dir && options->admin != ADMIN_OFF) {
        state_home(STATE_DIRECTORY, options->own_state_dir, sizeof options->own_state_dir);
        options->state_dir = options->own_state_dir;
    }
    if (options->admin_path[0] != '/' || connection_url_problem(options->admin_path) ||
        !scep_admin_url(options->url, options->admin_path, options->admin_url,
                        sizeof options->admin_url)) {
        text_format(error, error_size,
                    "--admin-path needs a path that starts with a slash, as in a URL, of at most "
                    "1000 characters, not '%s'",
                    options->admin_path);
        return false;
    }
    return true;
}

void http_options_free(void *data)
{
    struct http_options *options = data;

    credentials_options_free(&options->credentials);
    route_options_free(&options->connection.route);
}
