/* service.h - what Windows services tell of their end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_SERVICE_H
#define NDES_CIM_SERVICE_H

#include <stddef.h>
#include <stdint.h>

/* Writes Win32_Service.ExitCode and ServiceSpecificExitCode as the end of a sentence, such as
 * ", exit code 1077: not started"; "" for 0 (winerror.h). */
void service_exit_text(int64_t code, int64_t specific, char *target, size_t size);

#endif
