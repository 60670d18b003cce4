/* event.h - an event of the Windows event log from its XML.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_EVENT_H
#define NDES_CIM_EVENT_H

#include <libxml/tree.h>

#include "common/cim/cim.h"

/* Appends what an item holds: an Event element ("Event Schema" of the Windows documentation),
 * inside of others or as text of its own (CDATA). An item that is no event is skipped. Returns
 * false if memory ran out. */
bool event_read(xmlNode *item, struct cim_events *events);

#endif
