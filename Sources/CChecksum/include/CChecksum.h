// CRC32C (Castagnoli), as iSCSI, ext4 and SSE4.2 compute it.
#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// The checksum of `count` bytes, going on from `seed`: 0 to begin with, or the checksum of what goes before. Uses the
// processor's instruction where there is one.
uint32_t cchecksum_crc32c(uint32_t seed, const void *bytes, size_t count);

// The checksum of an entry of the journal without the checksum in it: of its bytes 0 to 3, and of those from 8 on.
// `count` is 8 at least.
uint32_t cchecksum_crc32c_of_entry(uint32_t seed, const void *entry, size_t count);

// `cchecksum_crc32c` by tables, on any processor: a test compares the two.
uint32_t cchecksum_crc32c_by_tables(uint32_t seed, const void *bytes, size_t count);

// Whether the processor's instruction is used here.
int cchecksum_uses_instruction(void);

#endif
