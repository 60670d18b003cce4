/* descriptor.c - security descriptors: who owns an object, and the list of who may do what.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/directory/bytes.h"

/* The header: revision, reserved, control, four offsets. */
enum { HEADER_BYTES = 20, AT_OWNER = 4, AT_GROUP = 8, AT_SACL = 12, AT_DACL = 16, REVISION = 1 };
enum { CONTROL_DACL_PRESENT = 0x0004 };
enum { ACL_BYTES = 8, ACL_REVISION = 2, ACL_REVISION_DS = 4 };
enum { ACE_BYTES = 4, ACE_MASK_BYTES = 4, OBJECT_FLAGS_BYTES = 4 };
enum { OBJECT_PRESENT = 1, INHERITED_PRESENT = 2 };

bool ace_allows(const struct ace *ace)
{
    return ace->type == ACE_ALLOWED || ace->type == ACE_ALLOWED_OBJECT ||
           ace->type == ACE_ALLOWED_CALLBACK || ace->type == ACE_ALLOWED_CALLBACK_OBJECT;
}

bool ace_denies(const struct ace *ace)
{
    return ace->type == ACE_DENIED || ace->type == ACE_DENIED_OBJECT ||
           ace->type == ACE_DENIED_CALLBACK || ace->type == ACE_DENIED_CALLBACK_OBJECT;
}

bool ace_is_callback(const struct ace *ace)
{
    return ace->type >= ACE_ALLOWED_CALLBACK && ace->type <= ACE_DENIED_CALLBACK_OBJECT;
}

bool ace_is_object(const struct ace *ace)
{
    return ace->type == ACE_ALLOWED_OBJECT || ace->type == ACE_DENIED_OBJECT ||
           ace->type == ACE_AUDIT_OBJECT || ace->type == ACE_ALLOWED_CALLBACK_OBJECT ||
           ace->type == ACE_DENIED_CALLBACK_OBJECT;
}

static bool is_understood(const struct ace *ace)
{
    return ace_allows(ace) || ace_denies(ace) || ace->type == ACE_AUDIT ||
           ace->type == ACE_AUDIT_OBJECT;
}

/* What is left of an ACE. */
struct rest {
    const unsigned char *bytes;
    size_t length;
};

static bool take(struct rest *rest, size_t count, const unsigned char **taken)
{
    if (count > rest->length)
        return false;
    *taken = rest->bytes;
    rest->bytes += count;
    rest->length -= count;
    return true;
}

static bool take_guid(struct rest *rest, struct guid *guid)
{
    const unsigned char *bytes;

    if (!take(rest, GUID_BYTES, &bytes))
        return false;
    memcpy(guid->bytes, bytes, GUID_BYTES);
    return true;
}

static bool take_object(struct rest *rest, struct ace *ace)
{
    const unsigned char *bytes;
    uint32_t flags;

    if (!take(rest, OBJECT_FLAGS_BYTES, &bytes))
        return false;
    flags = bytes_u32(bytes);
    ace->has_object = flags & OBJECT_PRESENT;
    ace->has_inherited = flags & INHERITED_PRESENT;
    return (!ace->has_object || take_guid(rest, &ace->object)) &&
           (!ace->has_inherited || take_guid(rest, &ace->inherited));
}

/* Reads what follows the header of an ACE. Bytes behind the SID are a condition, or padding. */
static const char *read_ace(struct rest rest, struct ace *ace)
{
    const unsigned char *bytes;
    size_t extent;

    if (!is_understood(ace))
        return NULL;
    if (!take(&rest, ACE_MASK_BYTES, &bytes))
        return "an access control entry is too short for its rights";
    ace->mask = bytes_u32(bytes);
    if (ace_is_object(ace) && !take_object(&rest, ace))
        return "an access control entry is too short for its GUIDs";
    extent = sid_extent(rest.bytes, rest.length);
    if (!extent || !sid_read(rest.bytes, extent, &ace->trustee))
        return "the SID of an access control entry is damaged or past its end";
    return NULL;
}

static const char *read_aces(struct rest rest, struct descriptor *descriptor, size_t count)
{
    const unsigned char *header;
    const char *problem = NULL;

    for (size_t i = 0; i < count && !problem; i++) {
        struct ace *ace = &descriptor->aces[i];
        struct rest body;

        if (!take(&rest, ACE_BYTES, &header))
            return "the access control list has fewer entries than it says";
        body.length = bytes_u16(header + 2);
        if (body.length < ACE_BYTES || body.length % 4)
            return "the size of an access control entry is impossible";
        body.length -= ACE_BYTES;
        if (!take(&rest, body.length, &body.bytes))
            return "an access control entry reaches beyond its list";
        ace->type = header[0];
        ace->flags = header[1];
        problem = read_ace(body, ace);
        descriptor->ace_count++;
    }
    return problem;
}

static const char *read_dacl(struct rest rest, struct descriptor *descriptor)
{
    const unsigned char *header;
    size_t size, count;

    if (!take(&rest, ACL_BYTES, &header))
        return "the access control list reaches beyond the end";
    size = bytes_u16(header + 2);
    count = bytes_u16(header + 4);
    if (header[0] != ACL_REVISION && header[0] != ACL_REVISION_DS)
        return "the access control list has an unknown revision";
    if (size < ACL_BYTES || size - ACL_BYTES > rest.length)
        return "the access control list reaches beyond the end";
    rest.length = size - ACL_BYTES;
    if (count > rest.length / ACE_BYTES)
        return "the access control list has fewer entries than it says";
    if (count > DESCRIPTOR_ACES_MAXIMUM)
        return "the access control list has too many entries";
    if (count) {
        descriptor->aces = memory_zeroed(count, sizeof(*descriptor->aces));
        if (!descriptor->aces)
            return "out of memory";
    }
    return read_aces(rest, descriptor, count);
}

/* Finds what an offset of the header points to; `rest->bytes` is NULL if it points nowhere. */
static bool find_part(const unsigned char *bytes, size_t length, size_t at, struct rest *rest)
{
    uint32_t offset = bytes_u32(bytes + at);

    *rest = (struct rest){NULL, 0};
    if (!offset)
        return true;
    if (offset < HEADER_BYTES || offset >= length)
        return false;
    *rest = (struct rest){bytes + offset, length - offset};
    return true;
}

static bool read_sid_part(struct rest part, struct sid *sid)
{
    return !part.bytes || sid_read(part.bytes, sid_extent(part.bytes, part.length), sid);
}

static const char *read_descriptor(const unsigned char *bytes, size_t length,
                                   struct descriptor *descriptor)
{
    struct rest owner, group, sacl, dacl;

    if (length < HEADER_BYTES)
        return "the descriptor is too short";
    if (length > DESCRIPTOR_BYTES_MAXIMUM)
        return "the descriptor is too long";
    if (bytes[0] != REVISION)
        return "the descriptor has an unknown revision";
    if (!find_part(bytes, length, AT_OWNER, &owner) ||
        !find_part(bytes, length, AT_GROUP, &group) || !find_part(bytes, length, AT_SACL, &sacl) ||
        !find_part(bytes, length, AT_DACL, &dacl))
        return "an offset of the descriptor is impossible";
    if (!read_sid_part(owner, &descriptor->owner))
        return "the SID of the owner is damaged or past the end";
    if (!read_sid_part(group, &descriptor->group))
        return "the SID of the group is damaged or past the end";
    descriptor->control = bytes_u16(bytes + 2);
    if (!(descriptor->control & CONTROL_DACL_PRESENT))
        return NULL;
    descriptor->dacl = dacl.bytes ? DACL_PRESENT : DACL_NULL;
    return dacl.bytes ? read_dacl(dacl, descriptor) : NULL;
}

bool descriptor_read(const unsigned char *bytes, size_t length, struct descriptor *descriptor,
                     const char **problem)
{
    memset(descriptor, 0, sizeof(*descriptor));
    *problem = read_descriptor(bytes, length, descriptor);
    if (*problem)
        descriptor_free(descriptor);
    return !*problem;
}

void descriptor_free(struct descriptor *descriptor)
{
    free(descriptor->aces);
    memset(descriptor, 0, sizeof(*descriptor));
}
