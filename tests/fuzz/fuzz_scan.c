/* fuzz_scan.c - any bytes through the fast path and through Jansson alone: the same series to the last bit, the same
 * warnings. */

#include <stdint.h>

#include "same_paths.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct same_paths same = same_paths(bytes, size);
    if (same.difference[0]) {
        fprintf(stderr, "%s\n", same.difference);
        abort();
    }
    return 0;
}
