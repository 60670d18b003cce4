/* facts.c - what follows from the facts alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/clock.h"

bool account_renews_itself(const struct account *account)
{
    return account->kind == ACCOUNT_COMPUTER || account->kind == ACCOUNT_GMSA;
}

bool account_password_ends(const struct account *account)
{
    return !account_renews_itself(account) && account->password_end == FILETIME_SET;
}

bool account_password_never_ends(const struct account *account)
{
    return account->password_end == FILETIME_NEVER ||
           (account->has_control && (account->control & UAC_PASSWORD_NEVER_EXPIRES));
}

bool account_ends(const struct account *account)
{
    return account->end == FILETIME_SET;
}

double account_days_until(const struct account_facts *facts, int64_t when)
{
    return (double)(when - facts->now) / SECONDS_PER_DAY;
}
