#include "CChecksum.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

// The polynomial 0x1EDC6F41, its bits reversed.
#define POLYNOMIAL 0x82F63B78u

// tables[k][b]: what the byte b contributes when k bytes follow it.
static uint32_t tables[8][256];

__attribute__((constructor)) static void fill_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t remainder = byte;
        for (int bit = 0; bit < 8; bit++) remainder = remainder >> 1 ^ (remainder & 1 ? POLYNOMIAL : 0);
        tables[0][byte] = remainder;
    }
    for (int k = 1; k < 8; k++)
        for (int byte = 0; byte < 256; byte++)
            tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][tables[k - 1][byte] & 0xFF];
}

uint32_t cchecksum_crc32c_by_tables(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint32_t remainder = ~seed;
    for (; count >= 8; count -= 8, next += 8) {
        uint32_t low = remainder ^
                       ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 | (uint32_t)next[3] << 24);
        remainder = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
                    tables[4][low >> 24] ^ tables[3][next[4]] ^ tables[2][next[5]] ^ tables[1][next[6]] ^
                    tables[0][next[7]];
    }
    for (; count > 0; count--, next++) remainder = remainder >> 8 ^ tables[0][(remainder ^ *next) & 0xFF];
    return ~remainder;
}

#if defined(__x86_64__)

#define WITH_INSTRUCTION __attribute__((target("sse4.2")))

WITH_INSTRUCTION static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t remainder = ~seed;
    uint64_t words[4];
    for (; count >= 32; count -= 32, next += 32) {
        memcpy(words, next, 32);
        remainder = _mm_crc32_u64(remainder, words[0]);
        remainder = _mm_crc32_u64(remainder, words[1]);
        remainder = _mm_crc32_u64(remainder, words[2]);
        remainder = _mm_crc32_u64(remainder, words[3]);
    }
    for (; count >= 8; count -= 8, next += 8) {
        memcpy(words, next, 8);
        remainder = _mm_crc32_u64(remainder, words[0]);
    }
    uint32_t last = (uint32_t)remainder;
    if (count >= 4) {
        uint32_t word;
        memcpy(&word, next, 4);
        last = _mm_crc32_u32(last, word);
        count -= 4, next += 4;
    }
    for (; count > 0; count--, next++) last = _mm_crc32_u8(last, *next);
    return ~last;
}

int cchecksum_uses_instruction(void) { return __builtin_cpu_supports("sse4.2") != 0; }

#elif defined(__ARM_FEATURE_CRC32)

#define WITH_INSTRUCTION

static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint32_t remainder = ~seed;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        remainder = __crc32cd(remainder, word);
    }
    for (; count > 0; count--, next++) remainder = __crc32cb(remainder, *next);
    return ~remainder;
}

int cchecksum_uses_instruction(void) { return 1; }

#else

#define WITH_INSTRUCTION

static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
    return cchecksum_crc32c_by_tables(seed, bytes, count);
}

int cchecksum_uses_instruction(void) { return 0; }

#endif

uint32_t cchecksum_crc32c(uint32_t seed, const void *bytes, size_t count) {
    return cchecksum_uses_instruction() ? by_instruction(seed, bytes, count)
                                        : cchecksum_crc32c_by_tables(seed, bytes, count);
}

// One call for both parts, as most entries are short; of the first, the compiler leaves one instruction.
WITH_INSTRUCTION static uint32_t of_entry(uint32_t seed, const void *entry, size_t count) {
    return by_instruction(by_instruction(seed, entry, 4), (const uint8_t *)entry + 8, count - 8);
}

uint32_t cchecksum_crc32c_of_entry(uint32_t seed, const void *entry, size_t count) {
    if (cchecksum_uses_instruction()) return of_entry(seed, entry, count);
    uint32_t head = cchecksum_crc32c_by_tables(seed, entry, 4);
    return cchecksum_crc32c_by_tables(head, (const uint8_t *)entry + 8, count - 8);
}
