# The faults of WinRM and WMI, in Windows's form.
# SPDX-License-Identifier: GPL-3.0-or-later
"""raise Fault("invalid-class", detail): the server turns it into an envelope with fault_body()."""
import dataclasses

FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
WSMAN_FAULT = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
ADDRESSING_FAULT = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"
ENUMERATION_FAULT = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/fault"
PLUGIN = r'provider="WMI Provider" path="%systemroot%\system32\WsmWmiPl.dll"'
STATUS = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/__ExtendedStatus"
BEGIN = "The WS-Management service cannot process the request. "
ANFANG = "Der WS-Verwaltungsdienst kann die Anforderung nicht verarbeiten. "


@dataclasses.dataclass(frozen=True)
class Kind:
    code: int                  # of WS-Management
    sender: bool
    subcode: str
    english: str
    german: str
    inner: int = 0             # of WMI, in a ProviderFault
    faultdetail: str = ""      # last part of w:FaultDetail
    bare: bool = False         # without "cannot process the request"


KINDS = {
    "denied": Kind(5, True, "w:AccessDenied", "Access is denied. ", "Zugriff verweigert ", bare=True),
    "schema": Kind(2150858817, True, "w:SchemaValidationError",
                   "The SOAP packet did not match the corresponding XML schema definition. ",
                   "Das SOAP-Paket entspricht nicht der zugehörigen XML-Schemadefinition. "),
    "must-understand": Kind(2150858815, True, "s:MustUnderstand",
                            "The packet contains a SOAP header with the mustUnderstand attribute that is not known. ",
                            "Das Paket enthält einen unbekannten SOAP-Header mit dem Attribut mustUnderstand. "),
    "action": Kind(2150858754, True, "a:ActionNotSupported",
                   "The action is not supported by the service. ",
                   "Die Aktion wird vom Dienst nicht unterstützt. "),
    "destination": Kind(2150858764, True, "a:DestinationUnreachable",
                        "The destination of the message is not this service. ",
                        "Das Ziel der Nachricht ist nicht dieser Dienst. "),
    "resource": Kind(2150858752, True, "a:DestinationUnreachable",
                     "The service cannot find the resource identified by the resource URI and selectors. ",
                     "Die durch Ressourcen-URI und Selektoren bezeichnete Ressource wurde nicht gefunden. "),
    "selectors": Kind(2150858843, True, "w:InvalidSelectors",
                      "The selectors are not valid for the resource. ",
                      "Die Selektoren sind für die Ressource nicht gültig. "),
    "no-instance": Kind(2150858752, True, "a:DestinationUnreachable",
                        "The service cannot find the resource identified by the resource URI and selectors. ",
                        "Die durch Ressourcen-URI und Selektoren bezeichnete Ressource wurde nicht gefunden. ",
                        0x80041002),
    "context": Kind(2150858836, False, "n:InvalidEnumerationContext",
                    "The supplied enumeration context is not valid. ",
                    "Der angegebene Enumerationskontext ist ungültig. "),
    "dialect": Kind(2150858760, True, "w:FilterDialectRequestedUnavailable",
                    "The filter dialect is not supported. ", "Der Filterdialekt wird nicht unterstützt. "),
    "timed-out": Kind(2150858793, False, "w:TimedOut",
                      "The WS-Management service cannot complete the operation within the time specified in "
                      "OperationTimeout. ",
                      "Der WS-Verwaltungsdienst kann den Vorgang nicht innerhalb der mit OperationTimeout angegebenen "
                      "Zeit abschließen. ", bare=True),
    "too-large": Kind(2150858868, True, "w:EncodingLimit",
                      "The response is larger than MaxEnvelopeSize allows. ",
                      "Die Antwort ist größer, als MaxEnvelopeSize erlaubt. ", faultdetail="MaxEnvelopeSize"),
    "quota": Kind(2150859174, False, "w:InternalError",
                  "This user is allowed a maximum number of 1500 concurrent operations, which has been exceeded. Close "
                  "existing operations for this user, or raise the quota for this user. ",
                  "Die Höchstanzahl von 1500 gleichzeitigen Vorgängen für diesen Benutzer wurde überschritten. "
                  "Schließen Sie vorhandene Vorgänge, oder erhöhen Sie das Kontingent. "),
    "namespace-denied": Kind(5, True, "w:AccessDenied", "Access is denied. ", "Zugriff verweigert ", 0x80041003,
                             bare=True),
    "invalid-namespace": Kind(2150858752, True, "a:DestinationUnreachable",
                              "The service cannot find the resource identified by the resource URI and selectors. ",
                              "Die durch Ressourcen-URI und Selektoren bezeichnete Ressource wurde nicht gefunden. ",
                              0x8004100E),
    "invalid-class": Kind(2150858778, True, "a:DestinationUnreachable",
                          "The class does not exist in the namespace. ",
                          "Die Klasse ist im Namespace nicht vorhanden. ", 0x80041010),
    "invalid-query": Kind(2150858762, True, "n:CannotProcessFilter",
                          "The filter cannot be processed. ", "Der Filter kann nicht verarbeitet werden. ",
                          0x80041017),
    "invalid-method": Kind(2150858777, True, "a:ActionNotSupported",
                           "The method does not exist in the class. ",
                           "Die Methode ist in der Klasse nicht vorhanden. ", 0x80041055),
    "no-channel": Kind(15007, False, "w:InternalError",
                       "The specified channel could not be found. Check channel configuration. ",
                       "Der angegebene Kanal wurde nicht gefunden. Überprüfen Sie die Kanalkonfiguration. ", bare=True),
    "invalid-event-query": Kind(15001, False, "w:InternalError", "The specified query is invalid. ",
                                "Die angegebene Abfrage ist ungültig. ", bare=True),
}
WMI_TEXTS = {0x80041002: ("Not found ", "Nicht gefunden "), 0x80041003: ("Access denied ", "Zugriff verweigert "),
             0x8004100E: ("Invalid namespace ", "Ungültiger Namespace "),
             0x80041010: ("Invalid class ", "Ungültige Klasse "), 0x80041017: ("Invalid query ", "Ungültige Abfrage "),
             0x80041055: ("This method is not implemented in any class ", "Diese Methode ist nicht implementiert ")}


class Fault(Exception):
    """kind: a key of KINDS; parameter: what WMI complains about, shown in ExtendedError."""

    def __init__(self, kind, parameter="", operation="ExecQuery"):
        super().__init__(kind)
        self.kind, self.parameter, self.operation = KINDS[kind], parameter, operation


def _provider_fault(fault, machine, german, escape):
    text = WMI_TEXTS[fault.kind.inner][german]
    status = (f'<p:__ExtendedStatus xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="{STATUS}" '
              f'xsi:type="p:__ExtendedStatus_Type"><p:Description xsi:nil="true"/><p:Operation>{fault.operation}'
              f'</p:Operation><p:ParameterInfo>{escape(fault.parameter)}</p:ParameterInfo><p:ProviderName>WinMgmt'
              '</p:ProviderName><p:StatusCode xsi:nil="true"/></p:__ExtendedStatus>')
    return (f'<f:ProviderFault {PLUGIN}><f:WSManFault xmlns:f="{FAULT}" Code="{fault.kind.inner}" '
            f'Machine="{machine}"><f:Message>{text}</f:Message></f:WSManFault><f:ExtendedError>{status}'
            '</f:ExtendedError></f:ProviderFault>')


def fault_body(fault, machine, german, escape):
    """s:Fault as text."""
    kind = fault.kind
    text = kind.german if german else kind.english
    if not kind.bare:
        text = (ANFANG if german else BEGIN) + text
    detail = f"<w:FaultDetail>{WSMAN_FAULT}Detail/{kind.faultdetail}</w:FaultDetail>" if kind.faultdetail else ""
    message = _provider_fault(fault, machine, german, escape) if kind.inner else text
    return (f"<s:Fault><s:Code><s:Value>s:{'Sender' if kind.sender else 'Receiver'}</s:Value><s:Subcode><s:Value>"
            f"{kind.subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\""
            f"{'de-DE' if german else 'en-US'}\">{text}</s:Text></s:Reason><s:Detail>{detail}"
            f'<f:WSManFault xmlns:f="{FAULT}" Code="{kind.code}" Machine="{machine}"><f:Message>{message}</f:Message>'
            "</f:WSManFault></s:Detail></s:Fault>")


def fault_action(fault):
    """The action of a message with this fault."""
    prefixes = {"a": ADDRESSING_FAULT, "n": ENUMERATION_FAULT}
    return prefixes.get(fault.kind.subcode.partition(":")[0], WSMAN_FAULT)
