/* names.h - the XML namespaces of WS-Management (DSP0226 appendix A).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_NAMES_H
#define NDES_CIM_NAMES_H

#define NS_SOAP "http://www.w3.org/2003/05/soap-envelope"
#define NS_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define NS_ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define NS_EVENTING "http://schemas.xmlsoap.org/ws/2004/08/eventing"
#define NS_WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define NS_MICROSOFT "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
#define NS_FAULT "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define NS_IDENTITY "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
#define NS_EVENT "http://schemas.microsoft.com/win/2004/08/events/event"

#endif
