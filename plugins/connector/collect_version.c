/* collect_version.c - finds out which version of the connector is installed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include <string.h>

#include "common/base/text.h"

#define UNINSTALL_KEY "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"

/* A server has dozens of programs, most of them under a GUID, and each name costs a request. */
enum { NAMES_READ_MAXIMUM = 4 };

static bool holds(const char *text, const char *word)
{
    return text_find(text, strlen(text), word) != NULL;
}

/* "Certificate Connector for Microsoft Intune", before it "Microsoft Intune Connector"; but not
 * "Intune Connector for Active Directory". */
static bool is_connector(const char *display_name)
{
    return holds(display_name, "Intune") && holds(display_name, "Connector") &&
           !holds(display_name, "Active Directory") && !holds(display_name, "Exchange");
}

/* How promising a key below Uninstall is: 0 most, 2 not at all. */
static int rank(const char *key)
{
    if (holds(key, "Intune") || holds(key, "Connector"))
        return 0;
    return key[0] == '{' ? 1 : 2;
}

/* Reads DisplayVersion of the key in `version`. */
static void read_display_version(struct cim_session *session, struct version_facts *version,
                                 struct problem *problem)
{
    char path[sizeof UNINSTALL_KEY + sizeof version->key];
    enum registry_outcome outcome;

    text_format(path, sizeof path, "%s\\%s", UNINSTALL_KEY, version->key);
    outcome = registry_text(session, path, "DisplayVersion", version->text, sizeof version->text,
                            problem);
    if (!registry_failed(outcome, path, problem) && outcome == REGISTRY_FOUND)
        version->source = VERSION_UNINSTALL;
}

/* True if the key is the connector's; costs a request. */
static bool is_connector_key(struct cim_session *session, const char *key,
                             struct version_facts *version, struct problem *problem)
{
    char path[sizeof UNINSTALL_KEY + sizeof version->key];
    char name[256] = "";

    text_format(path, sizeof path, "%s\\%s", UNINSTALL_KEY, key);
    version->names_read++;
    registry_failed(registry_text(session, path, "DisplayName", name, sizeof name, problem), path,
                    problem);
    return is_connector(name);
}

/* Searches the keys below Uninstall, the promising ones first. */
static void search_uninstall(struct cim_session *session, struct version_facts *version,
                             struct problem *problem)
{
    struct cim_row keys = {0};
    bool found = false;

    if (!registry_failed(registry_keys(session, UNINSTALL_KEY, &keys, problem), UNINSTALL_KEY,
                         problem))
        version->keys = cim_count(&keys, REGISTRY_KEYS);
    for (int wanted = 0; wanted <= 1; wanted++) {
        for (size_t i = 0; i < version->keys && !found; i++) {
            const char *key = cim_element(&keys, REGISTRY_KEYS, i);

            if (rank(key) != wanted)
                continue;
            if (version->names_read == NAMES_READ_MAXIMUM || problem_is_fatal(problem->kind))
                break;
            found = is_connector_key(session, key, version, problem);
            if (found)
                text_copy(version->key, sizeof version->key, key);
        }
    }
    cim_row_free(&keys);
    if (found)
        read_display_version(session, version, problem);
}

/* The first service of that kind whose program is known. */
static const struct service *find_program(const struct services_facts *services,
                                          enum service_kind kind)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].kind == kind && services->services[i].path[0])
            return &services->services[i];
    return NULL;
}

/* Reads the file version of a service's program. */
static void read_file_version(struct cim_session *session, const struct service *service,
                              struct version_facts *version, struct problem *problem)
{
    struct buffer wql;
    struct cim_rows rows = {0};
    const char *text;

    connector_service_executable(service, version->key, sizeof version->key);
    buffer_init(&wql, 2048);
    buffer_add_text(&wql, "SELECT Version FROM CIM_DataFile WHERE Name=");
    cim_quote(&wql, version->key);
    cim_query(session, "root/cimv2", buffer_text(&wql), &rows, problem);
    if (rows.count && cim_text(&rows.rows[0], "Version", &text) == CIM_VALUE) {
        text_copy(version->text, sizeof version->text, text);
        version->source = VERSION_FILE;
    }
    cim_rows_free(&rows);
    buffer_free(&wql);
}

void connector_collect_version(const struct connector_options *options, struct cim_session *session,
                               struct connector_facts *facts, struct problem *problem)
{
    struct version_facts *version = &facts->version;
    const struct service *program = find_program(&facts->services, SERVICE_UNIFIED);

    if (options->version_key) {
        text_copy(version->key, sizeof version->key, options->version_key);
        read_display_version(session, version, problem);
        return;
    }
    search_uninstall(session, version, problem);
    if (!program)
        program = find_program(&facts->services, SERVICE_LEGACY);
    if (!version->text[0] && program && !problem_is_fatal(problem->kind)) {
        read_file_version(session, program, version, &version->file_problem);
        if (problem_is_fatal(version->file_problem.kind))
            *problem = version->file_problem;
    }
    if (version->text[0]) /* a key that is denied does not matter any more */
        *problem = (struct problem){0};
}
