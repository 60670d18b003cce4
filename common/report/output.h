/* output.h - the two forms in which a report is printed; only report_print() needs this.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_OUTPUT_H
#define NDES_REPORT_OUTPUT_H

#include "common/report/report.h"

enum { FIRST_LINE_MAXIMUM = 900 }; /* bytes, with perfdata */

/* Appends what the first line says between state and perfdata: "message [id], and 2 more: [id]", or
 * the summary. `order` is that of report_order(). A message that would make the line longer than
 * 100 columns comes without its detail. Returns false if the detail was left out. */
bool output_headline(const struct report *report, const size_t *order, struct buffer *line);

/* Appends one perfdata item: 'label'=value[unit];warn;crit;min;max, shortened at the end. */
void output_perfdata(const struct metric *metric, enum threshold_format thresholds,
                     struct buffer *line);

/* Appends the report in text form. */
void output_text(const struct report *report, const struct report_style *style,
                 struct buffer *output);

/* Appends the report as one JSON object. Returns false if memory ran out. */
bool output_json(const struct report *report, struct buffer *output);

#endif
