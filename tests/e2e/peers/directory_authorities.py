# The enterprise CAs of the domain.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days are counted from when the domain was made, which may be a fortnight ago: see samba_make.CACHE_SECONDS."""
from .directory_rows import Authority

MAIN = "LAB Issuing CA"
NDES = ("NDESDevice",)
RA = ("CEPEncryption", "EnrollmentAgentOffline")
ENDING_DAYS = 60

AUTHORITIES = (
    Authority(MAIN, "publishes every template of the tables but those of AD CS"),
    Authority("LAB Expired CA", "its certificate has expired", (-10,), templates=(*NDES, "OnlyExpired")),
    Authority("LAB Ending CA", "its certificate ends within the usual limits", (ENDING_DAYS,), templates=NDES),
    Authority("LAB Renewed CA", "two certificates, the old one expired", (-10, 3000), templates=NDES),
    Authority("LAB Renewed First CA", "the same, the new one first", (3000, -10), templates=NDES),
    Authority("LAB Short CA", "three years: less than a template gives; publishes a template of agents that is not the RA's",
              (1000,), templates=("NDESDevice", "TenYears", "EnrollmentAgent")),
    Authority("LAB Outside CA", "not trusted for logon", (2900,), trusted=False, templates=NDES),
    Authority("LAB Half CA", "two certificates, of which the newest is not trusted for logon", (1000, 2900),
              trusted="first", templates=NDES),
    Authority("LAB Agent CA", "still publishes the templates of the RA",
              templates=(*NDES, *RA, "IPSECIntermediateOffline")),
    Authority("LAB Empty CA", "publishes nothing"),
    Authority("LAB (Süd) * CA", "a name of special characters", templates=NDES),
    Authority("LAB Other Case CA", "publishes in another case", templates=("ndesDEVICE",)),
)
