/* facts.c - the names of what NDES enrols for itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

const char *const template_ra_names[RA_TEMPLATE_COUNT] = {
    [RA_CEP_ENCRYPTION] = "CEPEncryption",
    [RA_OFFLINE_AGENT] = "EnrollmentAgentOffline",
};
