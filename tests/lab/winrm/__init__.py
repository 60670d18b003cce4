# The WinRM lab: a server on loopback that answers WS-Management as Windows does.
# SPDX-License-Identifier: GPL-3.0-or-later
from .gate import BasicGate, CertificateGate, Gate, OpenGate
from .healthy import POOL_PASSWORD, healthy
from .host import Host
from .server import WinrmLab

__all__ = ["BasicGate", "CertificateGate", "Gate", "Host", "OpenGate", "POOL_PASSWORD", "WinrmLab", "healthy"]
