# The WinRM lab: a server on loopback that answers WS-Management as Windows does.
# SPDX-License-Identifier: GPL-3.0-or-later
