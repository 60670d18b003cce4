/* fault.h - the faults of WS-Management and WMI, by their codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_FAULT_H
#define NDES_CIM_FAULT_H

#include <libxml/tree.h>

#include "common/cim/cim.h"

/* Reads a soap:Fault element: the innermost code decides, or the subcode where there is none. */
void fault_read(xmlNode *fault, struct problem *problem);

/* What a code means: of WinRM (0x8033xxxx), WMI (0x8004xxxx, wbemcli.h) or Windows. */
enum problem_kind fault_of_code(uint32_t code);

#endif
