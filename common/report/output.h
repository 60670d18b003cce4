/* output.h - the two forms in which a report is printed; only report_print() needs this.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_OUTPUT_H
#define NDES_REPORT_OUTPUT_H

#include "common/report/report.h"

/* Findings ordered from the gravest on; equals keep their order. `order` gets indices. */
void output_order(const struct report *report, size_t order[REPORT_FINDINGS_MAXIMUM]);

/* Appends one perfdata item: 'label'=value[unit];warn;crit;min;max, shortened at the end. */
void output_perfdata(const struct metric *metric, enum threshold_format thresholds,
                     struct buffer *line);

/* Appends the report in text form. */
void output_text(const struct report *report, const struct report_style *style,
                 struct buffer *output);

/* Appends the report as one JSON object. Returns false if memory ran out. */
bool output_json(const struct report *report, struct buffer *output);

#endif
