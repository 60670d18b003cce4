# Real servers and clients, not written by us, that the plugins and the lab are tested against.
# SPDX-License-Identifier: GPL-3.0-or-later
