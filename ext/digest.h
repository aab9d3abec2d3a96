/*
 * digest.h - SHA-256 (FIPS 180-4) of bytes, through the system's libcrypto.
 *
 * The only file that knows libcrypto. A digest is begun, fed and ended; feeding pieces is the same
 * as feeding them joined. Nothing is kept between two digests.
 * Source: https://docs.openssl.org/3.0/man3/EVP_DigestInit/
 */
#ifndef MIG_DIGEST_H
#define MIG_DIGEST_H

#include "compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* Lower-case hexadecimal digits of a SHA-256, and the NUL behind them. */
#define MIG_DIGEST_HEX  64
#define MIG_DIGEST_SIZE (MIG_DIGEST_HEX + 1)

struct mig_digest {
    void *context; /* libcrypto's; NULL once the digest has failed */
};

/* Begins a digest. Failure (libcrypto out of memory) is kept and reported by the end. */
void mig_digest_begin(struct mig_digest *digest);

/* Adds `length` bytes. */
void mig_digest_add(struct mig_digest *digest, const void *bytes, size_t length);

/*
 * Ends the digest, releases what it holds, and writes 64 hex digits and a NUL to `out_hex`.
 * False when libcrypto failed at any point: `out_hex` is then the empty string.
 */
MIG_MUST_USE bool mig_digest_end(struct mig_digest *digest, char out_hex[MIG_DIGEST_SIZE]);

/*
 * The checksum of an operation: SHA-256 of `code` followed by `rollback_code`, bytes as on disk.
 * A missing rollback code is NULL with length 0. False as above.
 */
MIG_MUST_USE bool mig_digest_operation(const void *code, size_t code_length,
                                       const void *rollback_code, size_t rollback_length,
                                       char out_hex[MIG_DIGEST_SIZE]);

#endif
