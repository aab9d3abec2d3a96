#include "compiler.h"

#include "digest.h"

#include <openssl/evp.h>

void mig_digest_begin(struct mig_digest *digest)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    digest->context = context;
}

void mig_digest_add(struct mig_digest *digest, const void *bytes, size_t length)
{
    if (digest->context != NULL && EVP_DigestUpdate(digest->context, bytes, length) != 1) {
        EVP_MD_CTX_free(digest->context);
        digest->context = NULL;
    }
}

bool mig_digest_end(struct mig_digest *digest, char out_hex[MIG_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE] = {0};
    const bool sound =
        digest->context != NULL && EVP_DigestFinal_ex(digest->context, bytes, NULL) == 1;

    EVP_MD_CTX_free(digest->context);
    digest->context = NULL;
    out_hex[0] = '\0';
    if (!sound)
        return false;
    for (size_t i = 0; i < MIG_DIGEST_HEX / 2; i++) {
        out_hex[2 * i] = digits[bytes[i] >> 4];
        out_hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    out_hex[MIG_DIGEST_HEX] = '\0';
    return true;
}

bool mig_digest_operation(const void *code, size_t code_length, const void *rollback_code,
                          size_t rollback_length, char out_hex[MIG_DIGEST_SIZE])
{
    struct mig_digest digest;

    mig_digest_begin(&digest);
    mig_digest_add(&digest, code, code_length);
    if (rollback_code != NULL)
        mig_digest_add(&digest, rollback_code, rollback_length);
    return mig_digest_end(&digest, out_hex);
}
