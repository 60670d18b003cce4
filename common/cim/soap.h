/* soap.h - the requests of WS-Management as text (DSP0226, MS-WSMV).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_SOAP_H
#define NDES_CIM_SOAP_H

#include "common/cim/cim.h"

/* Bytes that an answer may have by our request; WinRM's own default is 500 KiB. */
enum { SOAP_ENVELOPE_MAXIMUM = 512000, SOAP_ELEMENTS_MAXIMUM = 32000 };

#define SOAP_EVENT_LOG "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog"

/* What every request carries. */
struct soap_context {
    const char *to;      /* URL */
    int64_t timeout_ms;  /* after which the server shall answer with a fault */
    char message_id[48]; /* of the request that was made last; the answer refers to it */
};

/* Appends the request to tell what the server is (DSP0226 section 11). */
bool soap_identify(struct buffer *request);

/* Appends a request. Returns false if `request` has no room. `resource` of a Pull or Release is
 * that of the Enumerate; `context` is the latest that the server gave. */
bool soap_enumerate(struct soap_context *soap, const char *resource, const char *wql,
                    struct buffer *request);
bool soap_pull(struct soap_context *soap, const char *resource, const char *context,
               struct buffer *request);
bool soap_release(struct soap_context *soap, const char *resource, const char *context,
                  struct buffer *request);
bool soap_invoke(struct soap_context *soap, const struct cim_method *method,
                 struct buffer *request);
bool soap_subscribe(struct soap_context *soap, const struct cim_event_query *query,
                    struct buffer *request);
bool soap_unsubscribe(struct soap_context *soap, const char *identifier, struct buffer *request);

/* Writes the resource URI of all classes of a namespace. */
void soap_namespace_uri(const char *namespace, char *target, size_t size);

#endif
