/* fuzz_range.c - any text as a range and as a limit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/report/limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check_range(const struct range *range)
{
    long double below = nextafterl(range->start, -INFINITY);
    long double above = nextafterl(range->end, INFINITY);

    require(range->set && range->start <= range->end);
    require(isinf(range->start) || range_alerts(range, range->start) == range->alert_inside);
    require(isinf(range->end) || range_alerts(range, range->end) == range->alert_inside);
    require(isinf(range->start) || range_alerts(range, below) != range->alert_inside);
    require(isinf(range->end) || range_alerts(range, above) != range->alert_inside);
}

/* What perfdata shows is rounded to a millionth of a day, what is judged to a second. */
static bool is_near(long double shown, long double judged)
{
    return shown == judged || fabsl(shown - judged) < 1e-5L || fabsl(shown) > 1e12L;
}

static void check_limit(const struct limit *limit, const char *text)
{
    struct range again;

    require(strcmp(limit->text, text) == 0);
    require(!range_parse(limit->range.text, &again));
    require(is_near(again.start, limit->range.start) && is_near(again.end, limit->range.end));
    check_range(&limit->range);
    require(limit_alerts(limit, 1, 2) == range_alerts(&limit->range, limit->percent ? 2 : 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_duplicate_bytes((const char *)data, size);
    struct range range;
    struct limit limit;

    if (!range_parse(text, &range)) {
        require(strcmp(range.text, text) == 0);
        check_range(&range);
    }
    if (!limit_parse(text, &limit))
        check_limit(&limit, text);
    free(text);
    return 0;
}
